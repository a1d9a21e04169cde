/** Owns reading the headers that downloads go by, as RFC 9110 writes them. */

/** Bytes from start to end, both counted; `endByte` null = to the end of the file. */
export type ByteRange = { readonly startByte: number; readonly endByte: number | null };

/** RFC 9110, 14.1.2. */
export const rangeHeader = ({ startByte, endByte }: ByteRange) => `bytes=${startByte}-${endByte ?? ''}`;

/** What part of the file an answer holds, and how long the whole file is; RFC 9110, 14.4. Null when it does not say. */
export function parseContentRange(
  value: string | null,
): { startByte: number; endByte: number; sizeBytes: number | null } | null {
  const [, start, end, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value?.trim() ?? '') ?? [];
  if (start === undefined || end === undefined) return null;
  return { startByte: Number(start), endByte: Number(end), sizeBytes: size === '*' ? null : Number(size) };
}

/** How long to wait, said in seconds or as a date; RFC 9110, 10.2.3. Null when it does not say. */
export function parseRetryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** A number of bytes in a header; null when there is none. */
export function parseLength(value: string | null): number | null {
  return value !== null && /^\d+$/.test(value.trim()) ? Number(value) : null;
}
