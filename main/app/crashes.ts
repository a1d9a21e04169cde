/** Owns what happens when a part of the app ends by itself: it goes into the log, and a page that is gone is loaded again. */
import { app } from 'electron';
import type { Log } from '../log/log.js';

/** A page that is gone again so soon stays gone: to load it would go on for ever. */
const restMs = 10_000;

export function logCrashes({ problem }: Pick<Log, 'problem'>): void {
  // What the program does about it stays as it is.
  process.on('uncaughtExceptionMonitor', (thrown) => problem('main', thrown));
  process.on('unhandledRejection', (thrown) => problem('main', thrown));
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') problem(`${type} process: ${reason} ${exitCode}`, null);
  });
  let lastMs = 0;
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    problem(`page: ${reason} ${exitCode}`, null);
    const isAgain = Date.now() - lastMs < restMs;
    lastMs = Date.now();
    if (!isAgain && !contents.isDestroyed()) contents.reload();
  });
}
