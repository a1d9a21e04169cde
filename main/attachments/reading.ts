/** Owns the way to the thread that reads attachments: one thread for each, one at a time, bounded in time and memory. */
import { t } from '../../preload/contract/language.js';
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import { unreadable, type Extracted } from './extracted.js';

export type ReadTask =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

type FileRead = { readonly name: string; readonly sizeBytes: number; readonly extracted: Extracted };

export type ReadReport =
  /** Share that is read. */
  { readonly progress: number } | FileRead | { readonly error: ErrorData };

type Watch = { readonly onProgress: (done: number) => void; readonly signal: AbortSignal };

export type Reader = (task: ReadTask, watch: Watch) => Promise<FileRead>;

const limits = { timeMs: 60_000, memoryMegabytes: 1024 };

/**
 * @param entry path of the bundled `worker.ts`
 * @returns answers what was read. @throws AppError `cancelled`, `not-found`, or `bad-input` with what to do
 */
export function makeReader(entry: string, timeMs = limits.timeMs): Reader {
  let turn: Promise<unknown> = Promise.resolve();
  return (task, watch) => {
    const mine = turn.then(() => readInThread(entry, timeMs, task, watch));
    turn = mine.catch(() => undefined);
    return mine;
  };
}

function readInThread(entry: string, timeMs: number, task: ReadTask, { onProgress, signal }: Watch) {
  return new Promise<FileRead>((resolve, reject) => {
    const cancelled = () => new AppError({ code: 'cancelled', message: t('Reading was cancelled.') });
    if (signal.aborted) return reject(cancelled());
    const worker = new Worker(entry, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMegabytes },
    });
    const end = (error: AppError) => {
      reject(error);
      void worker.terminate();
    };
    const cancel = () => end(cancelled());
    signal.addEventListener('abort', cancel, { once: true });
    const timer = setTimeout(
      () =>
        end(
          unreadable(
            t('This file takes too long to read.'),
            t('Save its text as a text file and attach that.'),
          ),
        ),
      timeMs,
    );
    worker.on('message', (report: ReadReport) => {
      if ('progress' in report) onProgress(report.progress);
      else if ('error' in report) reject(new AppError(report.error));
      else resolve(report);
    });
    worker.on('error', (thrown: NodeJS.ErrnoException) => {
      const tooLarge = thrown.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(
        tooLarge
          ? unreadable(
              t('This file takes too much memory to read.'),
              t('Split it, and attach the part that matters.'),
            )
          : AppError.from(thrown),
      );
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      // After an answer this changes nothing.
      reject(new Error('Reading an attachment ended without an answer.'));
    });
  });
}
