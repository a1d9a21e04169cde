/** Owns when two names are the same, and finding one that is free. */

/** As SQLite compares names: letters of ASCII, whatever their capitals. */
const lower = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export const isSameName = (a: string, b: string): boolean => lower(a) === lower(b);

/** The name, or the first free one of `name 2`, `name 3` … */
export function freeName(name: string, taken: readonly string[]): string {
  const isTaken = (wanted: string) => taken.some((other) => isSameName(other, wanted));
  if (!isTaken(name)) return name;
  let count = 2;
  while (isTaken(`${name} ${count}`)) count++;
  return `${name} ${count}`;
}
