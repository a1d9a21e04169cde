/** Owns what main does for each request about backups: one thin line each. */
import { mkdir } from 'node:fs/promises';
import { shell } from 'electron';
import { applySettings } from './applied-settings.js';
import type { Room, Rooms } from './handlers.js';

export function backupHandlers(rooms: Rooms): Room<'backups'> {
  const { backups, window } = rooms;
  return {
    'backups.list': () => backups.list(),
    'backups.make': () => backups.make(),
    'backups.mend': async () => ({ mended: await backups.mend() }),
    'backups.restore': async ({ id, rescue }) => {
      const restored = await backups.restore(id, rescue);
      // Some have settings beside them.
      applySettings(rooms);
      // Once the page has the answer: nothing that it knows of the chats holds any more.
      setImmediate(() => window().webContents.reload());
      return restored;
    },
    'backups.openFolder': async () => {
      await mkdir(backups.folder, { recursive: true });
      await shell.openPath(backups.folder);
    },
  };
}
