/** Owns what main does for the page's requests to the forge. */
import { t } from '../../preload/contract/language.js';
import { app, dialog, type BrowserWindow } from 'electron';
import type { Forge } from '../models/forge/queue.js';
import type { Channel } from '../../preload/contract/index.js';
import type { Handlers } from './router.js';

// The readers of all those forms are large, and a start needs none.
const looking = () => import('../models/forge/look.js');
const lookingAtOriginals = () => import('../models/forge/original.js');

type ForgeRooms = { readonly window: () => BrowserWindow; readonly forge: Forge };

export function forgeHandlers({ window, forge }: ForgeRooms): Handlers<Extract<Channel, `forge.${string}`>> {
  return {
    'forge.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Choose a model file'),
        defaultPath: app.getPath('downloads'),
        properties: ['openFile'],
        filters: [
          { name: t('GGML and GGUF models'), extensions: ['bin', 'gguf'] },
          { name: t('All files'), extensions: ['*'] },
        ],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
    'forge.look': async ({ path }) => (await looking()).look(path),
    'forge.chooseFolder': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Choose a folder of weights'),
        defaultPath: app.getPath('downloads'),
        properties: ['openDirectory'],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
    'forge.lookAtOriginal': async (original) => (await lookingAtOriginals()).lookAtOriginal(original),
    'forge.list': () => forge.jobs,
    'forge.start': (task) => forge.start(task),
    'forge.cancel': ({ jobId }) => forge.cancel(jobId),
    'forge.forget': ({ jobId }) => forge.forget(jobId),
  };
}
