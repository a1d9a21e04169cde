/** Owns what main does for requests about prompt sets: one thin line each, and the dialogs for their files. */
import { t } from '../../preload/contract/language.js';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { dialog, type FileFilter } from 'electron';
import { AppError } from '../../preload/contract/errors.js';
import { fileNameOf } from '../exchange/export/file-names.js';
import { mostPromptBytes } from '../prompt-sets/jsonl.js';
import type { Room, Rooms } from './handlers.js';

const filters = (): FileFilter[] => [
  { name: t('Prompts, one a line (JSONL)'), extensions: ['jsonl', 'ndjson', 'json'] },
];

export function promptSetHandlers({ promptSets, window }: Rooms): Room<'promptSets'> {
  return {
    'promptSets.list': () => promptSets.list(),
    'promptSets.prompts': ({ setId }) => promptSets.prompts(setId),
    'promptSets.create': ({ name }) => promptSets.create(name),
    'promptSets.duplicate': ({ setId }) => promptSets.duplicate(setId),
    'promptSets.rename': ({ setId, name }) => promptSets.rename(setId, name),
    'promptSets.delete': ({ setId }) => promptSets.remove(setId),
    'promptSets.addPrompt': ({ setId, content }) => promptSets.addPrompt(setId, content),
    'promptSets.changePrompt': ({ id, content }) => promptSets.changePrompt(id, content),
    'promptSets.deletePrompt': ({ id }) => promptSets.removePrompt(id),
    'promptSets.import': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Import prompts'),
        properties: ['openFile'],
        filters: filters(),
      });
      const [path] = filePaths;
      if (canceled || path === undefined) return null;
      const name = basename(path, extname(path)).slice(0, 100);
      // Before it is read: a file of any size can be picked.
      if ((await stat(path)).size > mostPromptBytes) {
        throw new AppError({
          code: 'bad-input',
          message: t('“{name}” is too large: {size} MB is the most.', {
            name,
            size: mostPromptBytes / 1e6,
          }),
          hint: t('Nothing was changed.'),
        });
      }
      return promptSets.importFile(name, await readFile(path, 'utf8'));
    },
    'promptSets.export': async ({ setId }) => {
      const { name, text } = await promptSets.exportFile(setId);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export prompts'),
        defaultPath: fileNameOf(name, 'jsonl'),
        filters: filters(),
      });
      if (canceled || filePath === '') return null;
      await writeFile(filePath, text);
      return filePath;
    },
  };
}
