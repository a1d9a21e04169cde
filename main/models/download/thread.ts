/** Owns the thread that downloads, seen from main: starts it when it is first needed, and answers what only main knows. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../preload/contract/errors.js';
import type { ProxyFor } from '../../net/proxy.js';
import type { FromThread, ToThread } from './protocol.js';

/** What the queue needs of the thread. */
export type Transfers = {
  post(message: ToThread): void;
};

type Events = {
  readonly message: (message: Exclude<FromThread, { kind: 'proxyFor' }>) => void;
  /** The thread is gone, with everything that ran in it; the next message starts another. */
  readonly died: (error: AppError) => void;
};

/** @param entry path of the bundled `worker.ts` */
export function downloadThread(entry: string, proxyFor: ProxyFor, events: Events): Transfers {
  let worker: Worker | null = null;
  const start = () => {
    const started = new Worker(entry);
    worker = started;
    started.on('message', (message: FromThread) => {
      if (message.kind !== 'proxyFor') return events.message(message);
      const { seq, url } = message;
      proxyFor(new URL(url)).then(
        (proxy) => post({ kind: 'proxy', seq, proxy }),
        (thrown: unknown) => post({ kind: 'proxy', seq, error: AppError.from(thrown).toData() }),
      );
    });
    started.on('error', (thrown) => {
      worker = null;
      events.died(AppError.from(thrown));
    });
    return started;
  };
  const post = (message: ToThread) => (worker ?? start()).postMessage(message);
  return { post };
}
