/** Owns what main does for requests about exports: the dialog for the place, and one thin line each. */
import { join } from 'node:path';
import { app, dialog, shell } from 'electron';
import { exportFormats } from '../../preload/contract/export-formats.js';
import { t } from '../../preload/contract/language.js';
import type { Room, Rooms } from './handlers.js';

export function exportHandlers({ exports, window }: Rooms): Room<'exports'> {
  let lastPath: string | null = null;
  let lastFolder: string | null = null;
  return {
    'exports.preview': (request) => exports.preview(request),
    'exports.start': async ({ id, target, ...request }) => {
      if (target === 'clipboard')
        return { ...(await exports.start(id, request, { kind: 'text' })), path: null };
      const { fileName } = await exports.preview(request);
      const { name, extension } = exportFormats[request.format];
      const [kind, ending] = target === 'zip' ? [t('Zip archive'), 'zip'] : [t(name), extension];
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export'),
        defaultPath: join(lastFolder ?? app.getPath('documents'), fileName.replace(/\.\w+$/, `.${ending}`)),
        filters: [{ name: kind, extensions: [ending] }],
      });
      if (canceled || filePath === '') return null;
      const exported = await exports.start(id, request, { kind: target, path: filePath });
      lastPath = filePath;
      lastFolder = join(filePath, '..');
      return { ...exported, path: filePath };
    },
    'exports.cancel': ({ id }) => exports.cancel(id),
    'exports.showInFolder': () => {
      if (lastPath !== null) shell.showItemInFolder(lastPath);
    },
  };
}
