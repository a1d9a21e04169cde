/** Entry of the thread that reads one attachment: file in, text out; ends after its answer. */
import { t } from '../../preload/contract/language.js';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../app/child-speech.js';
import { attachmentLimits } from '../../preload/contract/attachment-limits.js';
import { AppError } from '../../preload/contract/errors.js';
import { extract } from './extract.js';
import { unreadable } from './extracted.js';
import type { ReadReport, ReadTask } from './reading.js';

void speakAsMain();

const port = parentPort!;
const report = (message: ReadReport) => port.postMessage(message);

async function bytesOf(task: ReadTask): Promise<Buffer> {
  if (task.kind === 'bytes') return Buffer.from(task.bytes);
  try {
    // Before it is opened: opening a pipe waits for who writes to it.
    const info = await stat(task.path);
    if (info.isDirectory()) throw unreadable(t('This is a folder.'), t('Attach the files in it.'));
    if (!info.isFile()) throw unreadable(t('This is no file that can be read.'), t('Attach another one.'));
    if (info.size > attachmentLimits.fileBytes) throw tooLarge(info.size);
    return await readFile(task.path);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError(
      {
        code: 'not-found',
        message: t('This file is not there or can’t be read.'),
        hint: t('Choose it again.'),
        details: String(thrown),
      },
      { cause: thrown },
    );
  }
}

function tooLarge(sizeBytes: number): AppError {
  return unreadable(
    t('This file is too large: {size, number} MB, and {most, number} MB is the most.', {
      size: Math.ceil(sizeBytes / 1e6),
      most: Math.ceil(attachmentLimits.fileBytes / 1e6),
    }),
    t('Split it, and attach the part that matters.'),
  );
}

const task = workerData as ReadTask;
try {
  const bytes = await bytesOf(task);
  const name = task.kind === 'file' ? basename(task.path) : task.name;
  const extracted = await extract(name, bytes, (progress) => report({ progress }));
  report({ name, sizeBytes: bytes.length, extracted });
} catch (thrown) {
  report({ error: AppError.from(thrown).toData() });
}
