/** Owns the way to the database thread: each operation of `queries.ts` as an async function. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../preload/contract/errors.js';
import { closeMethod, type DatabaseAnswer } from './protocol.js';
import type { Queries } from './queries.js';

export type Database = {
  [M in keyof Queries]: (...args: Parameters<Queries[M]>) => Promise<ReturnType<Queries[M]>>;
} & {
  /** Waits for what was asked before, then closes the file. */
  close(): Promise<void>;
};

/**
 * Starts the thread and opens the database in it. A file that can't be opened makes every call fail with the reason.
 * @param entry path of the bundled `worker.ts`
 * @param path database file
 */
export function startDatabase(entry: string, path: string): Database {
  const worker = new Worker(entry, { workerData: { path } });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: AppError) => void }>();
  let lastSeq = 0;
  let death: AppError | null = null;

  const die = (thrown: unknown) => {
    death ??= AppError.from(thrown);
    for (const call of waiting.values()) call.reject(death);
    waiting.clear();
  };
  worker.on('message', (answer: DatabaseAnswer) => {
    const call = waiting.get(answer.seq);
    waiting.delete(answer.seq);
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(new AppError(answer.error));
  });
  worker.on('error', die);
  worker.on('exit', () => die(new Error('The database was closed.')));

  const call = (method: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (death !== null) return reject(death);
      const seq = ++lastSeq;
      waiting.set(seq, { resolve, reject });
      worker.postMessage({ seq, method, args });
    });

  return new Proxy({} as Database, {
    get: (_target, method) => {
      // Not a promise itself: awaiting the client must not send a request named 'then'.
      if (typeof method !== 'string' || method === 'then') return undefined;
      return (...args: unknown[]) => call(method === 'close' ? closeMethod : method, args);
    },
  });
}
