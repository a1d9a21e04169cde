/** Owns how far downloads are in the dock, the taskbar and the title of the window; the page shows the rest. */
import type { BrowserWindow } from 'electron';
import { fractionOf } from '../../preload/contract/download-progress.js';
import type { Download } from '../../preload/contract/downloads.js';

export function showDownloads(window: BrowserWindow | null, downloads: readonly Download[]): void {
  if (window === null || window.isDestroyed()) return;
  const fraction = fractionOf(downloads);
  // A negative one takes the bar away.
  window.setProgressBar(fraction ?? -1);
  window.setTitle(fraction === null ? 'Altiplano' : `${Math.floor(fraction * 100)} % · Altiplano`);
}
