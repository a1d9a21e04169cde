/** Owns what main and the thread of exports say to each other. */
import type { ErrorData } from '../../../preload/contract/errors.js';
import type { ExportPreview, ExportRequest } from '../../../preload/contract/exchange.js';

/** What is read; this alone asks for a preview. */
export type ReadTask = ExportRequest & {
  /** Path of the database, or the bytes of one that is in memory alone. */
  readonly database: string | Uint8Array;
  /** The version of Altiplano. */
  readonly app: string;
  readonly exportedAt: number;
};

/** One file, one archive with all files in it, or a text. */
export type TaskTarget = { readonly kind: 'file' | 'zip'; readonly path: string } | { readonly kind: 'text' };

export type ExportTask = ReadTask & {
  readonly target: TaskTarget;
  /** A folder for what is in between; null where there is nothing of the kind. */
  readonly scratch: string | null;
};

export type Exported = { readonly text: string | null; readonly chats: number; readonly messages: number };

/** From the thread. */
export type ExportReport =
  | { readonly progress: { readonly done: number; readonly total: number } }
  /** Asks for a page to be printed, and waits for `printed` or `failed`. */
  | { readonly print: { readonly page: string; readonly pdf: string } }
  | { readonly exported: Exported }
  | { readonly preview: ExportPreview }
  | { readonly error: ErrorData };

/** To the thread. */
export type ExportOrder = 'cancel' | 'printed' | { readonly failed: ErrorData };
