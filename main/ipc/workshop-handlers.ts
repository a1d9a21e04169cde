/** Owns what main does for requests about grammars and prompt templates: one thin line each, and the dialogs for their files. */
import { t } from '../../preload/contract/language.js';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { dialog } from 'electron';
import { shelfOf } from '../../preload/contract/workshop-forms.js';
import { mostWorkshopCharacters, type WorkshopItem } from '../../preload/contract/workshop.js';
import { fileNameOf } from '../exchange/export/file-names.js';
import { fileKinds, readWorkshopFile, tooLarge, writeWorkshopFile } from '../workshop/files.js';
import type { Room, Rooms } from './handlers.js';

export function workshopHandlers({ workshop, engine, window }: Rooms): Room<'workshop'> {
  return {
    'workshop.list': () => workshop.list(),
    'workshop.create': (item) => workshop.create(item),
    'workshop.change': ({ id, ...change }) => workshop.change(id, change),
    'workshop.delete': ({ id }) => workshop.remove(id),
    'workshop.restore': (item) => workshop.create(item),
    'workshop.preview': (template) => engine.previewTemplate(template),
    'workshop.modelTemplate': () => engine.modelTemplate(),
    'workshop.import': async ({ shelf }) => {
      const { name, extensions } = fileKinds[shelf];
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Import'),
        properties: ['openFile', 'multiSelections'],
        filters: [{ name: t(name), extensions: [...extensions] }],
      });
      const imported: WorkshopItem[] = [];
      for (const path of canceled ? [] : filePaths) {
        const extension = extname(path).toLowerCase();
        const name = basename(path, extname(path)).slice(0, 100);
        // Before it is read: a file of any size can be picked.
        if ((await stat(path)).size > mostWorkshopCharacters) throw tooLarge(name);
        const read = readWorkshopFile(shelf, { name, extension, bytes: await readFile(path) });
        imported.push(
          await workshop.create({
            ...read,
            name,
            does: t('Imported from {file}.', { file: name + extension }),
          }),
        );
      }
      return imported;
    },
    'workshop.export': async ({ id }) => {
      const item = await workshop.find(id);
      const { extension, text } = writeWorkshopFile(item);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export'),
        defaultPath: fileNameOf(item.name, extension),
        filters: [{ name: t(fileKinds[shelfOf[item.form]].name), extensions: [extension] }],
      });
      if (canceled || filePath === '') return null;
      await writeFile(filePath, text);
      return filePath;
    },
  };
}
