/** Owns what main does for requests about backups that are one file: the dialogs, and one thin line each. */
import { t } from '../../preload/contract/language.js';
import { join } from 'node:path';
import { app, dialog, type FileFilter } from 'electron';
import { backupExtension } from '../../preload/contract/backup-file-kind.js';
import { applySettings } from './applied-settings.js';
import type { Room, Rooms } from './handlers.js';

const filters = (): FileFilter[] => [{ name: t('Backup of Altiplano'), extensions: [backupExtension] }];

export function backupFileHandlers(rooms: Rooms): Room<'backupFiles'> {
  const { backupFiles, window } = rooms;
  return {
    'backupFiles.save': async () => {
      const day = new Date().toISOString().slice(0, 10);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Save everything as one file'),
        defaultPath: join(app.getPath('documents'), ['Altiplano', day].join(' ') + `.${backupExtension}`),
        filters: filters(),
      });
      if (canceled || filePath === '') return null;
      await backupFiles.save(filePath);
      return filePath;
    },
    'backupFiles.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Open a backup'),
        properties: ['openFile'],
        filters: [...filters(), { name: t('All files'), extensions: ['*'] }],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
    'backupFiles.look': ({ path }) => backupFiles.look(path),
    'backupFiles.restore': async ({ path }) => {
      const restored = await backupFiles.restore(path);
      applySettings(rooms);
      // Once the page has the answer: nothing that it knows holds any more.
      setImmediate(() => window().webContents.reload());
      return restored;
    },
    'backupFiles.cancel': () => backupFiles.cancel(),
  };
}
