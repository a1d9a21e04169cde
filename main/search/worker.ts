/** Entry of the search thread: its own connection, which only reads, so that neither saving nor searching waits for the other. */
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { speakAsMain } from '../app/child-speech.js';
import { AppError } from '../../preload/contract/errors.js';
import { isIndexDamage } from '../db/search-index.js';
import { makeFinder, type SearchRequest } from './find.js';
import type { SearchAnswer } from './protocol.js';

void speakAsMain();

const port = parentPort!;
const db = new Sqlite((workerData as { path: string }).path, { readonly: true });
// A large index is read from the system's memory instead of being copied again and again.
db.pragma('mmap_size = 1073741824');
const finder = makeFinder(db);

port.on('message', (request: SearchRequest | 'close') => {
  if (request === 'close') {
    db.close();
    port.close();
    return;
  }
  let answer: SearchAnswer;
  try {
    answer = { ok: true, value: finder.find(request) };
  } catch (thrown) {
    answer = { ok: false, error: AppError.from(thrown).toData(), isIndexDamaged: isIndexDamage(thrown) };
  }
  port.postMessage(answer);
});
