/** Owns the messages between the database thread and its client. */
import type { ErrorData } from '../../preload/contract/errors.js';

export type DatabaseRequest = {
  readonly seq: number;
  readonly method: string;
  readonly args: readonly unknown[];
};

export type DatabaseAnswer =
  | { readonly seq: number; readonly ok: true; readonly value: unknown }
  | { readonly seq: number; readonly ok: false; readonly error: ErrorData };

/** The request that closes the database; the thread ends after its answer. */
export const closeMethod = 'close';
