/** Owns the way to the hashing thread: a thread for each file, so that ending it is how to cancel. */
import { t } from '../../../preload/contract/language.js';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../preload/contract/errors.js';

export type HashTask = {
  readonly path: string;
  /** All of the file, or samples of it (file-identity.ts). */
  readonly kind: 'sha256' | 'identity';
};

export type HashReport = { readonly doneBytes: number } | { readonly hash: string };

export type Hasher = (task: HashTask, watch?: HashWatch) => Promise<string>;

type HashWatch = {
  readonly onProgress: (doneBytes: number) => void;
  readonly signal: AbortSignal;
};

/**
 * @param entry path of the bundled `hash-worker.ts`
 * @returns answers a hash in hexadecimal digits. @throws AppError `cancelled`, or whatever reading throws
 */
export function makeHasher(entry: string): Hasher {
  return (task, watch) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(entry, { workerData: task });
      const cancel = () => {
        void worker.terminate();
        reject(new AppError({ code: 'cancelled', message: t('Verifying was cancelled.') }));
      };
      if (watch?.signal.aborted === true) return cancel();
      watch?.signal.addEventListener('abort', cancel, { once: true });
      worker.on('message', (report: HashReport) => {
        if ('hash' in report) resolve(report.hash);
        else watch?.onProgress(report.doneBytes);
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        watch?.signal.removeEventListener('abort', cancel);
        // After an answer this changes nothing.
        reject(new Error(`Hashing ${task.path} ended without an answer.`));
      });
    });
}
