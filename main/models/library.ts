/** Owns the list of model files on this machine: the models folder, files the user added, the starter; never loads one. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../preload/contract/errors.js';
import type { ModelFile } from '../../preload/contract/models.js';
import { displayName } from './display-name.js';
import { readSummary } from './inspect.js';

/** The user's own list of files outside the models folder. */
export type AddedFiles = {
  listModelFiles(): Promise<string[]>;
  addModelFile(path: string): Promise<void>;
  removeModelFile(path: string): Promise<void>;
};

export class ModelLibrary {
  readonly #folder: string;
  readonly #starterPath: string | undefined;
  readonly #added: AddedFiles;
  /** Headers are read again only when size or time of a file changed. */
  readonly #known = new Map<string, { stamp: string; header: Partial<ModelFile> }>();

  constructor(folder: string, starterPath: string | undefined, added: AddedFiles) {
    this.#folder = folder;
    this.#starterPath = starterPath === undefined || starterPath === '' ? undefined : resolve(starterPath);
    this.#added = added;
  }

  /** All known files by name; a file that is gone or unusable stays in the list with its problem. */
  async list(): Promise<ModelFile[]> {
    await mkdir(this.#folder, { recursive: true });
    const found = (await readdir(this.#folder))
      .filter((name) => name.toLowerCase().endsWith('.gguf'))
      .map((name) => join(this.#folder, name));
    if (this.#starterPath !== undefined) found.push(this.#starterPath);
    const added = new Set(await this.#added.listModelFiles());
    for (const path of found) added.delete(path);
    const files = await Promise.all([
      ...[...new Set(found)].map((path) => this.#describe(path, false)),
      ...[...added].map((path) => this.#describe(path, true)),
    ]);
    return files.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Adds files by path; the files stay where they are. */
  async add(paths: readonly string[]): Promise<ModelFile[]> {
    for (const path of paths) await this.#added.addModelFile(resolve(path));
    return this.list();
  }

  async forget(path: string): Promise<ModelFile[]> {
    await this.#added.removeModelFile(path);
    return this.list();
  }

  /** The model for a first start: the starter, else any sound file. */
  async firstChoice(): Promise<ModelFile | null> {
    const sound = (await this.list()).filter((file) => file.problem === null);
    return sound.find((file) => file.path === this.#starterPath) ?? sound[0] ?? null;
  }

  async #describe(path: string, added: boolean): Promise<ModelFile> {
    const unread = { architecture: null, quantization: null, trainedContext: null, problem: null };
    const file: ModelFile = { path, name: displayName(path), added, sizeBytes: 0, ...unread };
    try {
      const { size, mtimeMs } = await stat(path);
      const stamp = `${size}:${mtimeMs}`;
      let known = this.#known.get(path);
      if (known?.stamp !== stamp) {
        known = { stamp, header: await readHeader(path) };
        this.#known.set(path, known);
      }
      return { ...file, sizeBytes: size, ...known.header };
    } catch (thrown) {
      const gone = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
      return { ...file, problem: gone ? 'The file is no longer there.' : AppError.from(thrown).message };
    }
  }
}

/** What the header says, or the problem that the file has. */
async function readHeader(path: string): Promise<Partial<ModelFile>> {
  try {
    return await readSummary(path);
  } catch (thrown) {
    return { problem: AppError.from(thrown).message };
  }
}
