/** Owns what happens when a part of the app ends by itself: it goes into the log, a page that is gone is loaded again, and the user is told. */
import { app, dialog, type BrowserWindow } from 'electron';
import type { ErrorData } from '../../preload/contract/errors.js';
import { t } from '../../preload/contract/language.js';
import type { Log } from '../log/log.js';

/** A page that is gone again so soon may be so for ever: the user decides whether to load it. */
const restMs = 60_000;

/** Tells the page, once there is one. */
type Tell = (problem: ErrorData) => void;

export function logCrashes({ problem }: Pick<Log, 'problem'>, tell: Tell): void {
  // What the program does about it stays as it is.
  process.on('uncaughtExceptionMonitor', (thrown) => problem('main', thrown));
  process.on('unhandledRejection', (thrown) => problem('main', thrown));
  let isToldOfGpu = false;
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    problem(`${type} process: ${reason} ${exitCode}`, null);
    // Chromium starts another, and after a few of them paints without the graphics card.
    if (type === 'GPU' && !isToldOfGpu) tell(repainted());
    isToldOfGpu ||= type === 'GPU';
  });
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => {
    if (reason !== 'clean-exit') problem(`page: ${reason} ${exitCode}`, null);
  });
}

/** Loads the page of a window again when it is gone. @param onGone until it is loaded, it can't be told anything */
export function revivePage(window: BrowserWindow, onGone: () => void, tell: Tell): void {
  const { webContents } = window;
  let lastMs = -Infinity;
  const load = () => {
    if (window.isDestroyed()) return;
    tell(loadedAgain());
    webContents.reload();
  };
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    onGone();
    const isAgain = performance.now() - lastMs < restMs;
    lastMs = performance.now();
    if (isAgain) void askToLoad(window).then((isWanted) => (isWanted ? load() : app.quit()));
    else load();
  });
}

const repainted = (): ErrorData => ({
  code: 'unexpected',
  message: t('The graphics driver failed, so the window is painted anew.'),
  hint: t('If it stays dark or this happens often, start Altiplano with --disable-gpu.'),
});

const loadedAgain = (): ErrorData => ({
  code: 'unexpected',
  message: t('The window crashed and was loaded again. Your chats and drafts are as they were.'),
  hint: t('If it happens again, a report is under Settings, When something goes wrong.'),
});

async function askToLoad(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: t('The window has crashed again.'),
    detail: t('Everything that was saved is still there.'),
    buttons: [t('Load it again'), t('Quit')],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}
