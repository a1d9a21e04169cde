/**
 * Owns the language of the search box: words, "phrases", -without, and filters such as `role:user`. Every text has a
 * meaning: what is no filter of ours is searched for as it was typed.
 */

export type Term = {
  /** As it was typed, without its quotes. */
  readonly text: string;
  /** Only what lacks it is looked for. */
  readonly isExcluded: boolean;
  /** It is still being typed: words that begin like its last one are found too. */
  readonly isOpen: boolean;
};

/** Of one key any value will do, of two times both hold; an excluded one must not hold. */
export type Filter = { readonly isExcluded: boolean } & (
  | { readonly key: 'role'; readonly value: 'user' | 'assistant' }
  /** A part of the name, in lower case. */
  | { readonly key: 'model' | 'in' | 'tag' | 'character'; readonly value: string }
  | { readonly key: 'is'; readonly value: 'archived' }
  /** From the beginning of a day, month or year on, or up to it; Unix time in ms. */
  | { readonly key: 'after' | 'before'; readonly value: number }
);

export type FilterKey = Filter['key'];

export type SearchQuery = { readonly terms: readonly Term[]; readonly filters: readonly Filter[] };

/** A piece of a query as it stands in the box. */
export type QueryPiece = {
  readonly start: number;
  readonly end: number;
  readonly isExcluded: boolean;
  readonly key: FilterKey | null;
  readonly value: string;
  /** The text ends in it. */
  readonly isOpen: boolean;
};

// A minus counts only before a word, a phrase or a filter: `--flag`, `-` and `->` are text.
const pattern = new RegExp(
  '(?<minus>-(?=[\\p{L}\\p{N}"“”„]))?(?:(?<key>role|model|in|tag|character|is|after|before):)?' +
    '(?:["“”„](?<quoted>[^"“”„]*)(?<closing>["“”„]?)|(?<plain>\\S*))',
  'iuy',
);

/** The pieces of a query, in their order. */
export function queryPieces(text: string): QueryPiece[] {
  const pieces: QueryPiece[] = [];
  for (let start = nextPiece(text, 0); start < text.length; start = nextPiece(text, pieces.at(-1)!.end)) {
    pattern.lastIndex = start;
    const { minus, key, quoted, closing, plain } = pattern.exec(text)?.groups ?? {};
    const end = pattern.lastIndex;
    pieces.push({
      start,
      end,
      isExcluded: minus !== undefined,
      key: key === undefined ? null : (key.toLowerCase() as FilterKey),
      value: quoted ?? plain ?? '',
      isOpen: end === text.length && !closing,
    });
  }
  return pieces;
}

const nextPiece = (text: string, from: number): number => from + /^\s*/u.exec(text.slice(from))![0].length;

/** What a text in the search box asks for. Never fails. */
export function parseQuery(text: string): SearchQuery {
  const terms: Term[] = [];
  const filters: Filter[] = [];
  for (const { start, end, key, value, isExcluded, isOpen } of queryPieces(text)) {
    // A filter that has no value yet is one that is being typed.
    if (value.trim() === '' && (key === null || isOpen)) continue;
    const filter = key === null ? null : filterOf(key, value.trim(), isExcluded);
    if (filter !== null) filters.push(filter);
    else {
      const typed = key === null ? value : text.slice(isExcluded ? start + 1 : start, end);
      terms.push({ text: typed, isExcluded, isOpen: isOpen && !isExcluded });
    }
  }
  return { terms, filters };
}

/** Null when the value is none for this filter. */
function filterOf(key: FilterKey, value: string, isExcluded: boolean): Filter | null {
  const lower = value.toLowerCase();
  switch (key) {
    case 'role':
      return lower === 'user' || lower === 'assistant' ? { key, value: lower, isExcluded } : null;
    case 'is':
      return lower === 'archived' ? { key, value: lower, isExcluded } : null;
    case 'after':
    case 'before': {
      const timeMs = startOf(value);
      return timeMs === null ? null : { key, value: timeMs, isExcluded };
    }
    default:
      return lower === '' ? null : { key, value: lower, isExcluded };
  }
}

/** When a year, a month or a day (ISO 8601: 2024, 2024-03, 2024-03-05) begins here; null when there is no such day. */
function startOf(text: string): number | null {
  const match = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  const date = new Date(year, month - 1, day);
  date.setFullYear(year);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}

/** The value of a filter as it stands in a query; empty when it is not there. */
export const filterValue = (text: string, key: FilterKey): string =>
  queryPieces(text).find((piece) => piece.key === key && !piece.isExcluded)?.value ?? '';

/** The query with another value of a filter; an empty one takes the filter out. */
export function withFilter(text: string, key: FilterKey, value: string): string {
  let rest = text;
  for (const piece of queryPieces(text).reverse()) {
    if (piece.key === key && !piece.isExcluded) rest = rest.slice(0, piece.start) + rest.slice(piece.end);
  }
  rest = rest.trimStart().replace(/\s{2,}/gu, ' ');
  if (value === '') return rest;
  const filter = `${key}:${/[\s"]/u.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;
  // In front, where no open quote takes it for its own.
  return `${filter} ${rest}`;
}
