/** Owns the list of models on this machine: the models folder, folders and files the user added, the starter; never loads one. */
import { t } from '../../preload/contract/language.js';
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Database } from '../db/client.js';
import type {
  AddedModels,
  LocalLibrary,
  ModelFile,
  ModelFolder,
  ModelRecord,
} from '../../preload/contract/local-models.js';
import { displayName } from './display-name.js';
import { describe, describeAbsent, type Described } from './local/describe.js';
import { groupParts, lookAlikes, mergeSame, type ListedFile } from './local/found-models.js';
import { refusal } from './local/refusal.js';
import { isInside, scanFolder, type Scan } from './local/scan.js';

/** The user's own lists, and what is known of files. */
export type KnownModels = Pick<
  Database,
  | 'listModelFiles'
  | 'addModelFile'
  | 'removeModelFile'
  | 'listModelFolders'
  | 'addModelFolder'
  | 'removeModelFolder'
  | 'listModelRecords'
  | 'saveModelRecord'
>;

export type LibraryOptions = {
  /** The models folder. */
  readonly folder: string;
  readonly starterPath: string | undefined;
  readonly known: KnownModels;
  /** What tells the bytes of a file from others without reading all of them. */
  readonly identify: (path: string) => Promise<string>;
  /** The folders that were looked into. */
  readonly onLook?: (folders: readonly string[]) => void;
};

/** Files whose headers are read at a time. */
const atOnce = 4;

type ScannedFolder = { readonly path: string; readonly isOwn: boolean; readonly scan: Scan };

export class ModelLibrary {
  readonly #options: LibraryOptions;
  readonly #starterPath: string | undefined;
  /** By path, time and size. */
  readonly #identities = new Map<string, string>();
  #names: ReadonlyMap<string, string> | null = null;

  constructor(options: LibraryOptions) {
    this.#options = options;
    const { starterPath } = options;
    this.#starterPath = starterPath === undefined || starterPath === '' ? undefined : resolve(starterPath);
  }

  /** Looks again: models by name, and the folders of the list. What is gone or unusable stays, with its problem. */
  async view(): Promise<LocalLibrary> {
    const { known } = this.#options;
    const [addedFiles, addedFolders, recordList] = await Promise.all([
      known.listModelFiles(),
      known.listModelFolders(),
      known.listModelRecords(),
    ]);
    const records = new Map(recordList.map((record) => [record.path, record]));
    const folders = await this.#scan(addedFolders);
    this.#options.onLook?.(folders.flatMap(({ scan }) => scan.folders));
    const single = (path: string, source: 'starter' | 'file'): ListedFile => {
      const plain = { store: null, expectedSha256: null, origin: null };
      return { path, name: displayName(path), source, folder: null, ...plain };
    };
    const found = groupParts([
      ...folders.flatMap(listed),
      ...(this.#starterPath === undefined ? [] : [single(this.#starterPath, 'starter')]),
      ...addedFiles.map((path) => single(path, 'file')),
    ]);
    const absent = groupParts(folders.flatMap((folder) => remembered(folder, records)));
    const described = [
      ...(await inTurns(found, (model) =>
        describe(model, records, (change) => known.saveModelRecord(change)),
      )),
      ...absent.map((model) => describeAbsent(model, records)),
    ];
    const files = await this.#withoutDoubles(described);
    await this.#forgetHeaders(folders, records, new Set(found.map(({ path }) => path)));
    this.#names = new Map(
      files.flatMap(({ path, places, name }) => [path, ...places].map((at) => [at, name])),
    );
    return {
      files: files.sort((a, b) => a.name.localeCompare(b.name)),
      folders: await Promise.all(folders.map((folder) => describeFolder(folder, files))),
    };
  }

  async list(): Promise<ModelFile[]> {
    return (await this.view()).files;
  }

  /** The model of the list at a path, by whichever of its files and places. */
  async find(path: string): Promise<ModelFile | undefined> {
    return (await this.list()).find((file) => [...file.parts, ...file.places].includes(path));
  }

  /** The name of a model as the list shows it. */
  async nameOf(path: string): Promise<string> {
    // A blob has no name but that of its list.
    if (this.#names === null && basename(path).startsWith('sha256-')) await this.view();
    return this.#names?.get(path) ?? displayName(path);
  }

  /** Adds files and folders; they stay where they are. What can't be a model is refused with the reason. */
  async add(paths: readonly string[]): Promise<AddedModels> {
    const { folder, known } = this.#options;
    const before = await this.view();
    const listedBefore = new Set(before.files.flatMap(({ parts, places }) => [...parts, ...places]));
    const foldersBefore = new Set(before.folders.map(({ path }) => path));
    const refused: { path: string; problem: string }[] = [];
    for (const path of paths.map((given) => resolve(given))) {
      const problem = await refusal(path);
      if (problem !== null) refused.push({ path, problem });
      else if ((await stat(path)).isDirectory()) {
        if (!foldersBefore.has(path) && !isInside(folder, path)) await known.addModelFolder(path);
      } else if (!listedBefore.has(path)) await known.addModelFile(path);
    }
    const view = await this.view();
    const added = view.files.filter(({ path }) => !listedBefore.has(path)).map(({ path }) => path);
    return { ...view, added, refused };
  }

  /** Takes an added file or folder out of the list; nothing happens to it. */
  async forget(path: string): Promise<LocalLibrary> {
    const { known } = this.#options;
    const file = await this.find(path);
    const own = [path, ...(file?.parts ?? []), ...(file?.places ?? [])];
    for (const added of await known.listModelFiles())
      if (own.includes(added)) await known.removeModelFile(added);
    await known.removeModelFolder(path);
    return this.view();
  }

  /** The model was loaded. */
  async used(path: string): Promise<void> {
    await this.#options.known.saveModelRecord({ path, usedAt: Date.now() });
  }

  /** Path of the model for a first start: the starter's, else that of any sound one. */
  async firstChoice(): Promise<string | null> {
    const sound = (await this.list()).filter((file) => file.problem === null);
    const starter = this.#starterPath;
    if (starter !== undefined && sound.some(({ path, places }) => [path, ...places].includes(starter))) {
      return starter;
    }
    return sound[0]?.path ?? null;
  }

  async #scan(added: readonly string[]): Promise<ScannedFolder[]> {
    const { folder } = this.#options;
    // Without it the list still shows the rest, and the reason.
    await mkdir(folder, { recursive: true }).catch(() => undefined);
    const folders = [{ path: folder, isOwn: true }, ...added.map((path) => ({ path, isOwn: false }))];
    const scanned: ScannedFolder[] = [];
    for (const place of folders) scanned.push({ ...place, scan: await scanFolder(place.path) });
    return scanned;
  }

  /** A file that went away from a folder which is there is not remembered as one of it. */
  async #forgetHeaders(
    folders: readonly ScannedFolder[],
    records: ReadonlyMap<string, ModelRecord>,
    found: ReadonlySet<string>,
  ): Promise<void> {
    const there = folders.filter(({ scan }) => scan.folders.length > 0);
    for (const { path, header } of records.values()) {
      if (header === null || found.has(path) || !there.some((folder) => isInside(folder.path, path)))
        continue;
      await this.#options.known.saveModelRecord({ path, header: null });
    }
  }

  /** The same file by links, then the same bytes in other files. */
  async #withoutDoubles(described: readonly Described[]): Promise<ModelFile[]> {
    const models = mergeSame(
      described.map(({ file }) => file),
      described.map(({ identity }) => [identity]),
    );
    const alike = new Set(lookAlikes(models));
    const keys: string[][] = [];
    for (const model of models) keys.push(alike.has(model) ? [await this.#identify(model)] : []);
    return mergeSame(models, keys);
  }

  async #identify({ parts, sizeBytes, modifiedMs, path }: ModelFile): Promise<string> {
    const key = `${path}:${sizeBytes}:${modifiedMs}`;
    const known = this.#identities.get(key);
    if (known !== undefined) return known;
    try {
      const identities: string[] = [];
      for (const part of parts) identities.push(await this.#options.identify(part));
      const identity = identities.join();
      this.#identities.set(key, identity);
      return identity;
    } catch {
      // It went away meanwhile: not known to be the same as any other.
      return key;
    }
  }
}

const listed = ({ path, isOwn, scan }: ScannedFolder): ListedFile[] =>
  scan.files.map((file) => ({ ...file, source: isOwn ? 'models' : 'folder', folder: path }));

/** What is known to have been in a folder that can't be looked into now. */
function remembered(
  { path, isOwn, scan }: ScannedFolder,
  records: ReadonlyMap<string, ModelRecord>,
): ListedFile[] {
  if (scan.folders.length > 0) return [];
  return [...records.values()]
    .filter((record) => record.header !== null && isInside(path, record.path))
    .map((record) => ({
      ...{
        path: record.path,
        name: displayName(record.path),
        source: isOwn ? 'models' : 'folder',
        folder: path,
      },
      ...{ store: null, expectedSha256: record.expectedSha256, origin: record.origin },
    }));
}

async function describeFolder(
  { path, isOwn, scan }: ScannedFolder,
  all: readonly ModelFile[],
): Promise<ModelFolder> {
  const files = all.filter(({ folder }) => folder === path);
  const sizes = await Promise.all(
    scan.partFiles.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  const locked = isOwn && !writable ? t('Nothing can be saved in this folder: it is read-only.') : null;
  return {
    ...{ path, isOwn, models: files.length },
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    partFilesBytes: sizes.reduce((sum, size) => sum + size, 0),
    problem: scan.problem ?? locked,
  };
}

/** The answers in the order of the items; a few are worked on at a time. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
