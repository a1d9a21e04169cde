/** Owns reading values of JSON whose shape nobody promises: each has the wanted type, or says that it has not. */

export type Fields = Readonly<Record<string, unknown>>;

/** An object that is no list; null for all else. */
export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The entries of a list; none of anything else. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list. */
export const records = (value: unknown): readonly Fields[] =>
  list(value)
    .map(fields)
    .filter((each) => each !== null);

/** A text; '' for all else. What no text may hold is taken out of it. */
export const text = (value: unknown): string => (typeof value === 'string' ? value.replaceAll('\0', '') : '');

/** A text with something in it; null for all else. */
export const name = (value: unknown): string | null => text(value).trim() || null;

/** Ids are texts in some exports and numbers in others. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

/** A place in a list of so many; null for all else. */
export const place = (value: unknown, count: number): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count ? value : null;

const earliestMs = Date.UTC(1990, 0);
const latestMs = Date.UTC(2200, 0);
/** Seconds are smaller than this until the year 5138, milliseconds larger since 1973. */
const secondsBelow = 1e11;

/** Milliseconds since 1970 of a time in seconds, milliseconds, or words; null for what is none, or out of all bounds. */
export function timeMs(value: unknown): number | null {
  const ms =
    typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromWords(value) : NaN;
  return ms >= earliestMs && ms < latestMs ? Math.round(ms) : null;
}

const fromNumber = (value: number): number => (Math.abs(value) < secondsBelow ? value * 1000 : value);

/** `2023-6-19 @14h 20m 38s 123ms`, as SillyTavern wrote it. */
const withAt = /^(\d{4})-(\d{1,2})-(\d{1,2}) ?@(\d{1,2})h ?(\d{1,2})m ?(\d{1,2})s(?: ?(\d{1,3})ms)?$/;

function fromWords(words: string): number {
  if (/^\d+(\.\d+)?$/.test(words)) return fromNumber(Number(words));
  const parts = withAt
    .exec(words.trim())
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (parts !== undefined) {
    const [year, month, day, hour, minute, second, ms] = parts as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return new Date(year, month - 1, day, hour, minute, second, ms || 0).getTime();
  }
  // `June 19, 2023 2:20pm`
  return Date.parse(words.replace(/(\d)([ap]m)$/i, '$1 $2'));
}
