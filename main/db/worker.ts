/** Entry of the database thread: opens the file and answers requests one by one; the only place that holds the connection. */
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../app/child-speech.js';
import { AppError } from '../../preload/contract/errors.js';
import { incognitoPrefix } from '../../preload/contract/incognito.js';
import { queryError } from './damage.js';
import { prefixIds } from './id.js';
import { needsUpdate, openDatabase, wasInterrupted } from './open.js';
import {
  closeMethod,
  memoryPath,
  openingMethod,
  type DatabaseAnswer,
  type DatabaseEvent,
  type DatabaseFiles,
  type DatabaseRequest,
  type Opening,
} from './protocol.js';
import { makeQueries, type Queries } from './queries.js';
import { Indexing, makeSearchIndex } from './search-index.js';

void speakAsMain();

const port = parentPort!;
const { path, snapshots } = workerData as DatabaseFiles;
const tell = (event: DatabaseEvent) => port.postMessage(event);
if (path === memoryPath) prefixIds(incognitoPrefix);

type Opened = { readonly close: () => void; readonly queries: Queries; readonly indexing: Indexing };

/** A failure is the answer to every request, so that the window can open and show it. */
async function open(): Promise<{ readonly opening: Opening; readonly opened: Opened | AppError }> {
  const isInterrupted = wasInterrupted(path);
  let warning: AppError | null = null;
  try {
    if (needsUpdate(path)) warning = await snapshotBeforeUpdate();
    const db = openDatabase(path);
    const indexing = new Indexing(makeSearchIndex(db));
    const close = () => {
      indexing.stop();
      try {
        db.pragma('optimize');
      } catch {
        // A damaged one is closed all the same.
      }
      db.close();
    };
    // Heard before the answer to the request that changed it.
    const queries = makeQueries(db, (state) => tell({ event: 'undo', state }));
    return {
      opening: { isInterrupted, failure: null, warning: warning?.toData() ?? null },
      opened: { close, queries, indexing },
    };
  } catch (thrown) {
    const failure = AppError.from(thrown);
    return { opening: { isInterrupted, failure: failure.toData(), warning: null }, opened: failure };
  }
}

/** An update changes all of the database or nothing, so it goes on without a snapshot too; that is told. */
async function snapshotBeforeUpdate(): Promise<AppError | null> {
  // Rarely needed: not part of every start.
  const { makeSnapshot } = await import('./snapshots.js');
  return makeSnapshot(path, snapshots, 'update').then(() => null, queryError);
}

const { opening, opened } = await open();

function run({ method, args }: DatabaseRequest): unknown {
  if (method === openingMethod) return opening;
  if (method === closeMethod) return opened instanceof AppError ? undefined : opened.close();
  if (opened instanceof AppError) throw opened;
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
    answer = { seq: request.seq, ok: false, error: queryError(thrown).toData() };
  }
  port.postMessage(answer);
  if (request.method === closeMethod) port.close();
  else if (!(opened instanceof AppError)) opened.indexing.wake();
});
