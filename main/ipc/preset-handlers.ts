/** Owns what main does for requests about presets: one thin line each, and the dialogs for their files. */
import { t } from '../../preload/contract/language.js';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { dialog, type FileFilter } from 'electron';
import type { ImportedPreset } from '../../preload/contract/presets.js';
import { fileNameOf } from '../exchange/export/file-names.js';
import { mostPresetBytes, tooLarge, writePresetYaml } from '../presets/yaml.js';
import type { Room, Rooms } from './handlers.js';

const filters = (): FileFilter[] => [
  { name: t('Presets of text-generation-webui'), extensions: ['yaml', 'yml'] },
];

export function presetHandlers({ presets, window }: Rooms): Room<'presets'> {
  return {
    'presets.list': () => presets.list(),
    'presets.create': ({ name, values }) => presets.create(name, values),
    'presets.setValues': ({ id, values }) => presets.setValues(id, values),
    'presets.rename': ({ id, name }) => presets.rename(id, name),
    'presets.duplicate': ({ id }) => presets.duplicate(id),
    'presets.delete': ({ id }) => presets.remove(id),
    'presets.restore': (preset) => presets.restore(preset),
    'presets.import': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Import presets'),
        properties: ['openFile', 'multiSelections'],
        filters: filters(),
      });
      const imported: ImportedPreset[] = [];
      for (const path of canceled ? [] : filePaths) {
        const name = basename(path, extname(path));
        // Before it is read: a file of any size can be picked.
        if ((await stat(path)).size > mostPresetBytes) throw tooLarge(name);
        imported.push(await presets.importFile(name, await readFile(path, 'utf8')));
      }
      return imported;
    },
    'presets.export': async ({ id }) => {
      const { name, values } = await presets.find(id);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export preset'),
        defaultPath: fileNameOf(name, 'yaml'),
        filters: filters(),
      });
      if (canceled || filePath === '') return null;
      await writeFile(filePath, writePresetYaml(values));
      return filePath;
    },
  };
}
