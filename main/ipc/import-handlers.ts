/** Owns what main does for the page's requests to import chats. */
import { t } from '../../preload/contract/language.js';
import { app, dialog, type OpenDialogOptions } from 'electron';
import { announceChats } from '../chat/announce.js';
import type { Room, Rooms } from './handlers.js';

const pickers: Readonly<Record<'files' | 'folder', () => OpenDialogOptions>> = {
  files: () => ({
    title: t('Choose files with chats'),
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: t('Chats'), extensions: ['json', 'jsonl', 'ndjson', 'chat', 'zip', 'txt'] },
      { name: t('All files'), extensions: ['*'] },
    ],
  }),
  folder: () => ({ title: t('Choose a folder with chats'), properties: ['openDirectory'] }),
};

export function importHandlers(rooms: Rooms): Room<'imports'> {
  const { window, db, imports, broadcast } = rooms;
  return {
    'imports.choose': async ({ what }) => {
      const options = { ...pickers[what](), defaultPath: app.getPath('downloads') };
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), options);
      return canceled ? [] : filePaths;
    },
    'imports.holdingChats': ({ paths }) => imports.holdingChats(paths),
    'imports.look': (request) => imports.look(request),
    'imports.start': async (choice) => {
      const { chatIds, ...result } = await imports.start(choice);
      broadcast('folders.changed', await db.listFolders());
      await announceChats(rooms, chatIds);
      return { ...result, chatId: chatIds[0] ?? null };
    },
    'imports.cancel': () => imports.cancel(),
  };
}
