/** Owns the thread for what reads all of a database: snapshots, checks, replacements; seen from main. Never queries. */
import { Worker } from 'node:worker_threads';
import type { Backup, BackupReason, RecordCounts } from '../../preload/contract/backups.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import type { DamagedRecords } from './integrity.js';
import type { Replaced, Replacement } from './replace.js';

/** What the thread does, by name: what it takes, and what it answers. */
export type Tasks = {
  readonly snapshot: {
    readonly task: { readonly database: string; readonly folder: string; readonly reason: BackupReason };
    readonly result: Backup | null;
  };
  /** Problems of its pages, and what is wrong with its records when there are none of those. */
  readonly check: {
    readonly task: { readonly database: string };
    readonly result: { readonly pages: readonly string[]; readonly records: DamagedRecords | null };
  };
  readonly count: { readonly task: { readonly database: string }; readonly result: RecordCounts };
  /** Which of these messages, by id and text, are not there, or with less than that text. */
  readonly missing: {
    readonly task: {
      readonly database: string;
      readonly saved: readonly (readonly [id: string, text: string])[];
    };
    readonly result: readonly string[];
  };
  readonly replace: { readonly task: Replacement; readonly result: Replaced };
};

export type TaskRequest = {
  [N in keyof Tasks]: { readonly name: N; readonly task: Tasks[N]['task'] };
}[keyof Tasks];
export type TaskAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData };

/** Does a task; each in a thread of its own, which ends with it. */
export type Maintenance = <N extends keyof Tasks>(
  name: N,
  task: Tasks[N]['task'],
) => Promise<Tasks[N]['result']>;

/** @param entry path of the bundled `maintenance-worker.ts` */
export function maintenanceThread(entry: string): Maintenance {
  return (name, task) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(entry, { workerData: { name, task } });
      worker.on('message', (answer: TaskAnswer) => {
        if (answer.ok) resolve(answer.value as never);
        else reject(new AppError(answer.error));
      });
      worker.on('error', reject);
      // After an answer this changes nothing.
      worker.on('exit', () => reject(new Error(`${name} ended without an answer.`)));
    });
}
