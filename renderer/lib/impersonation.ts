/** Owns how what the model writes as the user goes together with what the user wrote. */

/** What the model goes on from: a space at its end would be in the way of the one that its first word brings. */
export const startOf = (draft: string): string => draft.replace(/[ \t]+$/, '');

/** @param start as `startOf` gives it */
export const withStart = (start: string, written: string): string =>
  start === '' ? written.trimStart() : start + written;
