/** Owns the messages between the thread that reads chats and its starter. */
import type { ImportFormat } from '../../../preload/contract/import-formats.js';
import type { ErrorData } from '../../../preload/contract/errors.js';
import type { ImportedChat, Losses } from './neutral.js';
import type { ScanRequest } from './scan.js';

export type ReadingTask =
  /** Finds out what there is. */
  | { readonly kind: 'look'; readonly request: ScanRequest }
  /** Hands over the chats with these numbers; waits for a word after each. */
  | { readonly kind: 'take'; readonly request: ScanRequest; readonly chosen: readonly number[] }
  /** Finds out only which files hold chats. */
  | { readonly kind: 'tell'; readonly paths: readonly string[] };

export type Summary = {
  readonly at: number;
  readonly label: string;
  readonly format: ImportFormat;
  readonly title: string;
  readonly messages: number;
  readonly createdAt: number;
  readonly hash: string;
  readonly losses: Losses;
};

export type ReadingReport =
  | { readonly kind: 'found'; readonly chats: readonly Summary[] }
  | { readonly kind: 'chat'; readonly summary: Summary; readonly chat: ImportedChat }
  | { readonly kind: 'failed'; readonly label: string; readonly what: string; readonly why: string }
  | {
      readonly kind: 'file';
      readonly label: string;
      readonly format: ImportFormat | null;
      readonly error: string | null;
    }
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'told'; readonly paths: readonly string[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly error: ErrorData };

/** The word for the next chat. */
export const next = 'next';
