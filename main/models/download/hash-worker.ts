/** Entry of the thread that hashes downloads: a core of its own for it, while another receives; no work of its own. */
import { parentPort } from 'node:worker_threads';
import { speakAsMain } from '../../app/child-speech.js';
import { AppError } from '../../../preload/contract/errors.js';
import { BlockHashes } from './block-hashes.js';
import type { HashAnswer, HashQuestion } from './hash-thread.js';

void speakAsMain();

const port = parentPort!;
const hashes = new BlockHashes();
let last: Promise<void> = Promise.resolve();

async function answer({ seq, request }: HashQuestion): Promise<void> {
  let message: HashAnswer;
  try {
    message = { seq, value: await hashes.answer(request) };
  } catch (thrown) {
    message = { seq, error: AppError.from(thrown).toData() };
  }
  port.postMessage(message);
}

port.on('message', (question: HashQuestion) => {
  last = last.then(() => answer(question));
});
