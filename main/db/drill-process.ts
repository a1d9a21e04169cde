/** Owns starting and killing the process of the crash drill; never what it writes. */
import { once } from 'node:events';
import { utilityProcess } from 'electron';
import type { DrillWriter, SavedMessage } from './drill.js';

/** @param entry the bundle of the process */
export const drillProcess =
  (entry: string) =>
  (database: string, onSaved: (message: SavedMessage) => void): DrillWriter => {
    const child = utilityProcess.fork(entry, [database], { serviceName: 'Altiplano crash drill' });
    child.on('message', onSaved);
    const ended = once(child, 'exit');
    return {
      kill: async () => {
        const { pid } = child;
        if (pid === undefined) child.kill();
        else process.kill(pid, 'SIGKILL');
        await ended;
      },
    };
  };
