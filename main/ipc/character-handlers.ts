/** Owns what main does for requests about characters and profiles: one thin line each, and the dialogs for their files. */
import { msg, t, type Message } from '../../preload/contract/language.js';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { dialog } from 'electron';
import type { CardFormat } from '../../preload/contract/characters.js';
import { AppError } from '../../preload/contract/errors.js';
import { importFile, readBounded, withoutPictures } from '../characters/import.js';
import { readPicture } from '../characters/picture.js';
import { announceChats } from '../chat/announce.js';
import { fileNameOf } from '../exchange/export/file-names.js';
import type { Room, Rooms } from './handlers.js';

const formats: Readonly<Record<CardFormat, Message>> = {
  png: msg('Picture with the card inside'),
  json: msg('Character card (JSON)'),
  yaml: msg('Character of text-generation-webui'),
};

export function characterHandlers(rooms: Rooms): Room<'characters' | 'personas'> {
  const { characters, db, settings, window, broadcast } = rooms;
  const importPaths = (paths: readonly string[]) =>
    characters.import(
      withoutPictures(paths).map((path) => ({ name: basename(path), read: () => importFile(path) })),
    );
  const choose = async (title: string, extensions: string[], many: boolean): Promise<string[]> => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
      title,
      properties: many ? ['openFile', 'multiSelections'] : ['openFile'],
      filters: [{ name: title, extensions }],
    });
    return canceled ? [] : filePaths;
  };
  const choosePicture = async () => {
    const [path] = await choose(t('Choose a picture'), ['png', 'jpg', 'jpeg'], false);
    return path === undefined ? null : readPicture(await readBounded(path));
  };
  return {
    'characters.list': () => db.listCharacters(),
    'characters.open': ({ id }) => characters.open(id),
    'characters.create': ({ card }) => characters.create(card),
    'characters.save': ({ id, card }) => characters.save(id, card),
    'characters.choosePicture': async ({ id }) => {
      const picture = await choosePicture();
      return picture === null ? null : characters.setPicture(id, picture);
    },
    'characters.takePicture': async ({ id, path }) =>
      characters.setPicture(id, readPicture(await readBounded(path))),
    'characters.removePicture': ({ id }) => characters.setPicture(id, null),
    'characters.duplicate': ({ id }) => characters.duplicate(id),
    'characters.delete': ({ id }) => characters.remove(id),
    'characters.choose': async () =>
      importPaths(await choose(t('Import characters'), ['png', 'json', 'yaml', 'yml'], true)),
    'characters.import': ({ paths }) => importPaths(paths),
    'characters.addExample': ({ name }) => characters.addExample(name),
    'characters.export': async ({ id, format }) => {
      const { name, bytes, lacks } = await characters.export(id, format);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export character'),
        defaultPath: fileNameOf(name, format),
        filters: [{ name: t(formats[format]), extensions: [format] }],
      });
      if (canceled || filePath === '') return null;
      await writeFile(filePath, bytes);
      return { path: filePath, lacks: [...lacks] };
    },
    'characters.startChat': async ({ id }) => {
      const chat = await characters.startChat(id, settings.get().personaId);
      broadcast('chats.changed', { upserted: [chat], removed: [] });
      return chat;
    },
    'characters.cast': async ({ chatId, cast }) => {
      const [chat] = await db.findChats([chatId]);
      if (chat === undefined)
        throw new AppError({ code: 'not-found', message: t('This chat no longer exists.') });
      const changed = await characters.cast(chat, cast);
      await announceChats(rooms, [chatId]);
      broadcast('thread.changed', await db.openThread(chatId));
      return changed;
    },
    'personas.list': () => db.listPersonas(),
    'personas.create': (persona) => characters.createPersona(persona),
    'personas.save': (persona) => characters.savePersona(persona),
    'personas.choosePicture': async ({ id }) => {
      const picture = await choosePicture();
      return picture === null ? null : characters.setPersonaPicture(id, picture);
    },
    'personas.removePicture': ({ id }) => characters.setPersonaPicture(id, null),
    'personas.delete': ({ id }) => characters.removePersona(id),
  };
}
