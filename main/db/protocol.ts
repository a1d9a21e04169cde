/** Owns the messages between the database thread and its client. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { UndoState } from '../../preload/contract/undo.js';

/** What the thread is started with. */
export type DatabaseFiles = {
  /** The database. */
  readonly path: string;
  /** The folder of its snapshots: one is made before an update changes its tables. */
  readonly snapshots: string;
};

export type DatabaseRequest = {
  readonly seq: number;
  readonly method: string;
  readonly args: readonly unknown[];
};

export type DatabaseAnswer =
  | { readonly seq: number; readonly ok: true; readonly value: unknown }
  | { readonly seq: number; readonly ok: false; readonly error: ErrorData };

/** How opening the file went. */
export type Opening = {
  /** Whether the app that had it last did not close it. */
  readonly isInterrupted: boolean;
  /** Why it can't be used; null when it can. */
  readonly failure: ErrorData | null;
  /** What else is to be told. */
  readonly warning: ErrorData | null;
};
/** What the thread says by itself. */
export type DatabaseEvent = { readonly event: 'undo'; readonly state: UndoState };

/** The request that closes the database; the thread ends after its answer. */
export const closeMethod = 'close';

/** The request for the `Opening`; answered also when that failed. */
export const openingMethod = 'opening';

/** A database at this path is in memory alone; it is the incognito one. */
export const memoryPath = ':memory:';
