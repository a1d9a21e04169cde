/** Owns hearing that the system ends the app: signals, and the end of the session; never how it ends. */
import { powerMonitor } from 'electron';

/** After app `ready`: before, Electron takes the signals for itself. */
export function onSystemEnd(end: () => void): void {
  powerMonitor.on('shutdown', end);
  // A package may have listened before Electron took a signal: only a first listener takes it back.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.removeAllListeners(signal).on(signal, end);
}
