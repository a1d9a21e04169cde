/** Owns how far downloads are in the dock, the taskbar and the title of the window; the page shows the rest. */
import type { BrowserWindow } from 'electron';
import type { Download } from '../../preload/contract/downloads.js';

/** Of everything that is being fetched, from 0 to 1; null when nothing is, or when it is not known how much it is. */
export function fractionOf(downloads: readonly Download[]): number | null {
  const active = downloads.filter(
    ({ state }) => state === 'running' || state === 'waiting' || state === 'queued',
  );
  let received = 0;
  let size = 0;
  for (const download of active) {
    if (download.sizeBytes === null) return null;
    received += download.receivedBytes;
    size += download.sizeBytes;
  }
  return size === 0 ? null : received / size;
}

export function showDownloads(window: BrowserWindow | null, downloads: readonly Download[]): void {
  if (window === null || window.isDestroyed()) return;
  const fraction = fractionOf(downloads);
  // A negative one takes the bar away.
  window.setProgressBar(fraction ?? -1);
  window.setTitle(fraction === null ? 'Altiplano' : `${Math.floor(fraction * 100)} % · Altiplano`);
}
