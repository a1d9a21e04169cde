/** Owns what main and the thread of backups say to each other. */
import type { BackupModel } from '../../../preload/contract/backup-files.js';
import type { ErrorData } from '../../../preload/contract/errors.js';
import type { Manifest } from './manifest.js';

/** By what is done: what it takes, and what it answers. */
export type BackupTasks = {
  readonly write: {
    readonly task: {
      readonly path: string;
      readonly database: string;
      /** Where a copy of the database stands for a while, on the same disk. */
      readonly copy: string;
      readonly app: string;
      readonly madeAt: number;
      readonly settings: Readonly<Record<string, unknown>>;
      readonly models: readonly BackupModel[];
    };
    readonly result: null;
  };
  readonly look: { readonly task: { readonly path: string }; readonly result: Found };
  /** Proves all parts, and writes the database to a place of its own. */
  readonly unpack: {
    readonly task: { readonly path: string; readonly database: string };
    readonly result: Unpacked;
  };
};

export type Found = { readonly manifest: Manifest; readonly models: readonly BackupModel[] };
export type Unpacked = Found & { readonly settings: Readonly<Record<string, unknown>> };

export type BackupRequest = {
  [N in keyof BackupTasks]: { readonly name: N; readonly task: BackupTasks[N]['task'] };
}[keyof BackupTasks];

/** From the thread. */
export type BackupReport =
  | { readonly progress: { readonly done: number; readonly total: number } }
  | { readonly result: unknown }
  | { readonly error: ErrorData };

export type Watch = {
  /** In bytes. */
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
};
