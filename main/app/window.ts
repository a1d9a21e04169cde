/** Owns the main window: its bounds, its looks before the page is there, and its place in the session. */
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import { bundlePaths } from './paths.js';
import { pageOrigin } from './protocol.js';

const minimum = { width: 480, height: 420 };
const usual = { width: 1180, height: 800 };

/** Saved bounds, if a screen still shows a good part of them. */
export function visibleBounds(saved: Rectangle | null, areas: readonly Rectangle[]): Partial<Rectangle> {
  if (saved === null) return usual;
  const shown = areas.some(
    (area) =>
      saved.x < area.x + area.width - 80 &&
      saved.x + saved.width > area.x + 80 &&
      saved.y >= area.y - 10 &&
      saved.y < area.y + area.height - 80,
  );
  return shown ? saved : usual;
}

/**
 * Makes the window and starts to load the page.
 * @param saved bounds of the last session
 * @param saveBounds called when the window closes
 */
export function createWindow(
  saved: Rectangle | null,
  saveBounds: (bounds: Rectangle) => void,
): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...visibleBounds(saved, areas),
    minWidth: minimum.width,
    minHeight: minimum.height,
    title: 'Altiplano',
    icon: bundlePaths.icon,
    autoHideMenuBar: true,
    // The page's own ground colours, so that nothing flashes before its first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#171a1c' : '#faf7f2',
    webPreferences: {
      preload: bundlePaths.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Elsewhere Chromium fetches dictionaries by itself.
      spellcheck: process.platform === 'darwin',
    },
  });
  window.on('close', () => saveBounds(window.getNormalBounds()));
  void window.loadURL(`${pageOrigin}/index.html`);
  return window;
}
