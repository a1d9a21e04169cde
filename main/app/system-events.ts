/** Owns hearing what the system does to the app: ends it, or wakes it with the machine; never what follows. */
import { powerMonitor } from 'electron';

/** After app `ready`: before, Electron takes the signals for itself. */
export function onSystemEnd(end: () => void): void {
  powerMonitor.on('shutdown', end);
  // A package may have listened before Electron took a signal: only a first listener takes it back.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.removeAllListeners(signal).on(signal, end);
}

/** After app `ready`. Before the machine sleeps nothing is to do: all that is saved is on the disk at once. */
export function onWake(woke: () => void): void {
  powerMonitor.on('resume', woke);
}
