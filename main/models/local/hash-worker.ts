/** Entry of the hashing thread: reads one file and answers with what tells it from others; ends after its answer. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../../app/child-speech.js';
import { fileIdentity } from '../../engine/file-identity.js';
import type { HashReport, HashTask } from './hashing.js';

void speakAsMain();

const port = parentPort!;
const report = (message: HashReport) => port.postMessage(message);
const reportEveryBytes = 32 * 2 ** 20;

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  let doneBytes = 0;
  let reportedBytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(piece as Buffer);
    doneBytes += (piece as Buffer).length;
    if (doneBytes - reportedBytes < reportEveryBytes) continue;
    reportedBytes = doneBytes;
    report({ doneBytes });
  }
  return hash.digest('hex');
}

const { path, kind } = workerData as HashTask;
report({ hash: kind === 'sha256' ? await sha256(path) : fileIdentity(path).hash });
