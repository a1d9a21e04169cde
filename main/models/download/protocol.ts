/** Owns the messages between main and the thread that downloads. */
import type { ErrorData } from '../../../preload/contract/errors.js';
import type { Credential } from '../../net/http.js';
import type { JobFile, Progress } from './job.js';
import type { Fetched } from './transfer.js';

export type ToThread =
  | {
      readonly kind: 'start';
      readonly id: string;
      readonly files: readonly JobFile[];
      readonly credential: Credential | null;
    }
  /** Answered by `ended`. */
  | { readonly kind: 'stop'; readonly id: string }
  /** 0 = no limit. */
  | { readonly kind: 'limit'; readonly bytesPerSecond: number }
  | { readonly kind: 'proxy'; readonly seq: number; readonly proxy: string | null }
  | { readonly kind: 'proxy'; readonly seq: number; readonly error: ErrorData };

export type FromThread =
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  /** A file has its name. */
  | { readonly kind: 'file'; readonly id: string; readonly index: number; readonly fetched: Fetched }
  /** Null when all files are there; `cancelled` after `stop`. */
  | { readonly kind: 'ended'; readonly id: string; readonly error: ErrorData | null }
  /** Only main can ask the system; answered by `proxy`. */
  | { readonly kind: 'proxyFor'; readonly seq: number; readonly url: string };
