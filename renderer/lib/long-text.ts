/** Owns how much of a very long text is drawn; the rest is shown when it is asked for. */

/** In UTF-16 units; drawing this much takes a moment, ten times as much seconds. */
export const stepLength = 100_000;

/** The beginning of a text, up to the end of a line where there is one; all of it when it is hardly longer. */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length * 1.2) return text;
  const line = text.lastIndexOf('\n', length);
  return text.slice(0, line > length / 2 ? line + 1 : length);
}
