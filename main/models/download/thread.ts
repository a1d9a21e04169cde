/** Owns the thread that downloads, seen from main: starts it when it is first needed, and answers what only main knows. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../preload/contract/errors.js';
import type { Gate } from '../../net/gate.js';
import type { FromThread, ToThread } from './protocol.js';

/** What the queue needs of the thread. */
export type Transfers = {
  post(message: ToThread): void;
};

/** What the queue hears of the thread. */
export type ThreadMessage = Exclude<FromThread, { kind: 'wayTo' | 'request' }>;

type Events = {
  readonly message: (message: ThreadMessage) => void;
  /** The thread is gone, with everything that ran in it; the next message starts another. */
  readonly died: (error: AppError) => void;
};

/** @param entry path of the bundled `worker.ts` */
export function downloadThread(entry: string, gate: Gate, events: Events): Transfers {
  let worker: Worker | null = null;
  const start = () => {
    const started = new Worker(entry);
    worker = started;
    started.on('message', (message: FromThread) => {
      if (message.kind === 'request') return gate.note(message.request);
      if (message.kind !== 'wayTo') return events.message(message);
      const { seq, url } = message;
      gate.wayTo(new URL(url)).then(
        (proxy) => post({ kind: 'way', seq, proxy }),
        (thrown: unknown) => post({ kind: 'way', seq, error: AppError.from(thrown).toData() }),
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
