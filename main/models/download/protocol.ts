/** Owns the messages between main and the thread that downloads. */
import type { ErrorData } from '../../../preload/contract/errors.js';
import type { OutgoingRequest } from '../../../preload/contract/network.js';
import type { Credential } from '../../net/http.js';
import type { JobFile, Progress } from './job.js';
import type { Fetched } from './transfer.js';

export type ToThread =
  | {
      readonly kind: 'start';
      readonly id: string;
      readonly files: readonly JobFile[];
      readonly credential: Credential | null;
      /** What the user did, for the list of requests. */
      readonly cause: string;
    }
  /** Answered by `ended`. */
  | { readonly kind: 'stop'; readonly id: string }
  /** 0 = no limit. */
  | { readonly kind: 'limit'; readonly bytesPerSecond: number }
  /** The machine woke from its sleep. */
  | { readonly kind: 'woke' }
  | { readonly kind: 'way'; readonly seq: number; readonly proxy: string | null }
  | { readonly kind: 'way'; readonly seq: number; readonly error: ErrorData };

export type FromThread =
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  /** A file has its name. */
  | { readonly kind: 'file'; readonly id: string; readonly index: number; readonly fetched: Fetched }
  /** Null when all files are there; `cancelled` after `stop`. */
  | { readonly kind: 'ended'; readonly id: string; readonly error: ErrorData | null }
  /** The gate is in main; answered by `way`. */
  | { readonly kind: 'wayTo'; readonly seq: number; readonly url: string }
  /** Of the gate's list. */
  | { readonly kind: 'request'; readonly request: OutgoingRequest };
