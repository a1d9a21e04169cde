/** Owns the way to the database thread: each operation of `queries.ts` as an async function. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../preload/contract/errors.js';
import type { UndoState } from '../../preload/contract/undo.js';
import { noSteps } from './histories.js';
import {
  closeMethod,
  type DatabaseAnswer,
  type DatabaseEvent,
  type DatabaseFiles,
  type Opening,
} from './protocol.js';
import type { Queries } from './queries.js';

export type Database = {
  [M in keyof Queries]: (...args: Parameters<Queries[M]>) => Promise<ReturnType<Queries[M]>>;
} & {
  /** How opening the file went. */
  opening(): Promise<Opening>;
  /** Waits for what was asked before, then closes the file. */
  close(): Promise<void>;
  /** Closes the file, does work on it, and opens it again, also when that failed; what is asked meanwhile waits. */
  whileClosed<T>(work: () => Promise<T>): Promise<T>;
};

type Call = (method: string, args: readonly unknown[]) => Promise<unknown>;

/**
 * Starts the thread and opens the database in it. A file that can't be opened makes every call fail with the reason.
 * @param entry path of the bundled `worker.ts`
 * @param onUndoChanged hears what can be undone, before the answer to the request that changed it
 */
export function startDatabase(
  entry: string,
  files: DatabaseFiles,
  onUndoChanged: (state: UndoState) => void,
): Database {
  let thread = startThread(entry, files, onUndoChanged);
  /** Of the work that goes on while the file is closed. */
  let reopened: Promise<void> | null = null;

  const call: Call = (method, args) =>
    reopened === null ? thread(method, args) : reopened.then(() => thread(method, args));

  const whileClosed = async <T>(work: () => Promise<T>): Promise<T> => {
    while (reopened !== null) await reopened;
    const done = thread(closeMethod, []).then(work);
    reopened = done.then(
      () => undefined,
      () => undefined,
    );
    reopened = reopened.then(() => {
      thread = startThread(entry, files, onUndoChanged);
      onUndoChanged(noSteps);
      reopened = null;
    });
    return done.finally(() => reopened);
  };

  return new Proxy({} as Database, {
    get: (_target, method) => {
      // Not a promise itself: awaiting the client must not send a request named 'then'.
      if (typeof method !== 'string' || method === 'then') return undefined;
      if (method === 'whileClosed') return whileClosed;
      return (...args: unknown[]) => call(method, args);
    },
  });
}

function startThread(entry: string, files: DatabaseFiles, onUndoChanged: (state: UndoState) => void): Call {
  const worker = new Worker(entry, { workerData: files });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: AppError) => void }>();
  let lastSeq = 0;
  let death: AppError | null = null;

  const die = (thrown: unknown) => {
    death ??= AppError.from(thrown);
    for (const call of waiting.values()) call.reject(death);
    waiting.clear();
  };
  worker.on('message', (answer: DatabaseAnswer | DatabaseEvent) => {
    if ('event' in answer) return onUndoChanged(answer.state);
    const call = waiting.get(answer.seq);
    waiting.delete(answer.seq);
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(new AppError(answer.error));
  });
  worker.on('error', die);
  worker.on('exit', () => die(new Error('The database was closed.')));

  return (method, args) =>
    new Promise<unknown>((resolve, reject) => {
      if (death !== null) return reject(death);
      const seq = ++lastSeq;
      waiting.set(seq, { resolve, reject });
      worker.postMessage({ seq, method, args });
    });
}
