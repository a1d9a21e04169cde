/** Owns the messages between the search thread and its client: one request at a time, or 'close'. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { SearchPage } from '../../preload/contract/search.js';

export type SearchAnswer =
  | { readonly ok: true; readonly value: SearchPage }
  | { readonly ok: false; readonly error: ErrorData; readonly isIndexDamaged: boolean };
