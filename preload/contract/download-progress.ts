/** Owns how far downloads are together, for the page and the dock alike; without zod, which the page must not run. */
import type { Download } from './downloads.js';

/** Those that go on by themselves. */
export const activeOf = (downloads: readonly Download[]): Download[] =>
  downloads.filter(({ state }) => state === 'running' || state === 'waiting' || state === 'queued');

/** How far the active ones are together, from 0 to 1; null when none is, or while it is not known how much there is. */
export function fractionOf(downloads: readonly Download[]): number | null {
  let received = 0;
  let size = 0;
  for (const download of activeOf(downloads)) {
    if (download.sizeBytes === null) return null;
    received += download.receivedBytes;
    size += download.sizeBytes;
  }
  return size === 0 ? null : received / size;
}
