/** Owns what main does for each request about model files and the loaded model. */
import { t } from '../../preload/contract/language.js';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import { AppError } from '../../preload/contract/errors.js';
import type { ModelFile } from '../../preload/contract/local-models.js';
import { homePaths } from '../app/paths.js';
import type { Fit } from '../../preload/contract/fit.js';
import { listTemplates } from '../engine/templates/choose.js';
import type { Fits } from '../models/fit/fits.js';
import type { ModelLoader } from '../models/loader.js';
import type { ModelLibrary } from '../models/library.js';
import { findAppFolders } from '../models/local/apps.js';
import { offersOf } from '../models/local/offers.js';
import { storageOf } from '../models/local/storage.js';
import { deleteModel } from '../models/local/trash.js';
import type { Room, Rooms } from './handlers.js';

export function modelHandlers(rooms: Rooms): Room<'models'> {
  return { ...fileHandlers(rooms), ...loadHandlers(rooms) };
}

type Loading = 'load' | 'cancelLoad' | 'unload' | 'status' | 'templates' | 'setTemplate';

function loadHandlers({ settings, loader }: Rooms): Pick<Room<'models'>, `models.${Loading}`> {
  return {
    'models.load': ({ path, inFull }) => loader.load(path, inFull),
    'models.cancelLoad': () => loader.cancel(),
    'models.unload': () => loader.unload(),
    'models.status': () => loader.status,
    'models.templates': () => listTemplates(),
    'models.setTemplate': async ({ path, template }) => {
      const { [path]: _before, ...others } = settings.get().templates;
      settings.set({ templates: template === null ? others : { ...others, [path]: template } });
      if (loader.status.state === 'ready' && loader.status.path === path) await loader.load(path);
    },
  };
}

function fileHandlers({
  home,
  window,
  fits,
  library,
  loader,
  verifier,
}: Rooms): Omit<Room<'models'>, `models.${Loading}`> {
  return {
    'models.list': () => library.view(),
    'models.add': async ({ what }) => library.add(await pickPaths(window(), what)),
    'models.addPaths': ({ paths }) => library.add(paths),
    'models.forget': ({ path }) => library.forget(path),
    'models.findApps': async () => {
      const { platform, env } = process;
      const found = await findAppFolders({ platform, env, home: homedir() });
      return offersOf(found, await library.view());
    },
    'models.fits': async () => fitsOf(fits, await library.list()),
    'models.verify': async ({ path }) => verifier.verify(await known(library, path)),
    'models.cancelVerify': ({ path }) => verifier.cancel(path),
    'models.delete': async ({ path }) => {
      const model = await known(library, path);
      const result = await deleteModel(model, {
        ask: (question) => ask(window(), question),
        release: (paths) => release(loader, paths),
        moveToTrash: (file) => shell.trashItem(file),
        deleteForGood: (file) => rm(file),
      });
      return { result, ...(result === 'kept' ? await library.view() : await library.forget(path)) };
    },
    'models.storage': async () => storageOf(home, homePaths(home).database, (await library.view()).folders),
    'models.showInFolder': ({ path }) => shell.showItemInFolder(path),
    'models.openFolder': async ({ path }) => {
      const { folders } = await library.view();
      // Only folders of the list: opening a path may start a program.
      if (folders.some((folder) => folder.path === path)) await shell.openPath(path);
    },
  };
}

async function fitsOf(fits: Fits, files: readonly ModelFile[]): Promise<Record<string, Fit>> {
  const found: Record<string, Fit> = {};
  for (const { path, shape, sizeBytes, problem } of files) {
    if (shape !== null && problem === null) found[path] = await fits.of({ shape, weightsBytes: sizeBytes });
  }
  return found;
}

async function pickPaths(window: BrowserWindow, what: 'files' | 'folder'): Promise<string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: what === 'files' ? t('Add model files') : t('Add a folder of models'),
    defaultPath: app.getPath('downloads'),
    properties: [what === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
    ...(what === 'folder'
      ? {}
      : {
          filters: [
            { name: t('GGUF models'), extensions: ['gguf'] },
            { name: t('All files'), extensions: ['*'] },
          ],
        }),
  });
  return canceled ? [] : filePaths;
}

async function known(library: ModelLibrary, path: string): Promise<ModelFile> {
  const model = await library.find(path);
  if (model === undefined) {
    throw new AppError({ code: 'not-found', message: t('This model is not in the list any more.') });
  }
  return model;
}

async function ask(
  window: BrowserWindow,
  { message, detail, action }: { message: string; detail: string; action: string },
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail,
    buttons: [action, t('Cancel')],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

/** A file in use can't be deleted on every system. */
async function release(loader: ModelLoader, paths: readonly string[]): Promise<void> {
  const { status } = loader;
  if ('path' in status && status.path !== null && paths.includes(status.path)) await loader.unload();
}
