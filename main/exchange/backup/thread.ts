/** Owns the thread for backups that are one file, seen from main; one of its tasks at a time. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../preload/contract/errors.js';
import type { BackupReport, BackupTasks } from './protocol.js';

/** Does a task in a thread of its own; `signal` cancels it. */
export type BackupThread = <N extends keyof BackupTasks>(
  name: N,
  task: BackupTasks[N]['task'],
  watch: { readonly onProgress: (done: number, total: number) => void; readonly signal: AbortSignal },
) => Promise<BackupTasks[N]['result']>;

/** @param entry path of the bundled `worker.ts` */
export function backupThread(entry: string): BackupThread {
  return (name, task, { onProgress, signal }) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(entry, { workerData: { name, task } });
      const cancel = () => worker.postMessage('cancel');
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      worker.on('message', (report: BackupReport) => {
        if ('progress' in report) onProgress(report.progress.done, report.progress.total);
        else if ('error' in report) reject(new AppError(report.error));
        else resolve(report.result as never);
      });
      worker.on('error', (thrown) => reject(AppError.from(thrown)));
      worker.on('exit', () => {
        signal.removeEventListener('abort', cancel);
        // After an answer this changes nothing.
        reject(new Error('The work on a backup ended without an answer.'));
      });
    });
}
