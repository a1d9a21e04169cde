/** Entry of the database thread: opens the file and answers requests one by one; the only place that holds the connection. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../preload/contract/errors.js';
import { openDatabase } from './open.js';
import { closeMethod, type DatabaseAnswer, type DatabaseRequest } from './protocol.js';
import { makeQueries } from './queries.js';

const port = parentPort!;

function open() {
  try {
    const db = openDatabase((workerData as { path: string }).path);
    return { db, queries: makeQueries(db) };
  } catch (thrown) {
    // Every request is answered with the reason, so that the window can open and show it.
    return { failure: AppError.from(thrown) };
  }
}

const opened = open();

function run({ method, args }: DatabaseRequest): unknown {
  if ('failure' in opened) {
    if (method === closeMethod) return undefined;
    throw opened.failure;
  }
  if (method === closeMethod) {
    opened.db.pragma('optimize');
    opened.db.close();
    return undefined;
  }
  const operations: Record<string, unknown> = opened.queries;
  const operation = operations[method];
  if (typeof operation !== 'function') throw new Error(`unknown database operation ${method}`);
  return (operation as (...input: readonly unknown[]) => unknown)(...args);
}

port.on('message', (request: DatabaseRequest) => {
  let answer: DatabaseAnswer;
  try {
    answer = { seq: request.seq, ok: true, value: run(request) };
  } catch (thrown) {
    answer = { seq: request.seq, ok: false, error: AppError.from(thrown).toData() };
  }
  port.postMessage(answer);
  if (request.method === closeMethod) port.close();
});
