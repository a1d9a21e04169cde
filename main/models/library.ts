/** Owns the list of model files on this machine: the models folder, files the user added, the starter; never loads one. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../preload/contract/errors.js';
import type { ModelFile } from '../../preload/contract/models.js';
import { readGgufSummary } from '../engine/gguf.js';

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
  readonly #known = new Map<string, { stamp: string; file: ModelFile }>();

  constructor(folder: string, starterPath: string | undefined, added: AddedFiles) {
    this.#folder = folder;
    this.#starterPath = starterPath === undefined || starterPath === '' ? undefined : resolve(starterPath);
    this.#added = added;
  }

  /** All known files by name; a file that is gone or unusable stays in the list with its problem. */
  async list(): Promise<ModelFile[]> {
    const files = await Promise.all((await this.#paths()).map((path) => this.describe(path)));
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

  async describe(path: string): Promise<ModelFile> {
    const unknown = {
      path,
      name: displayName(path),
      sizeBytes: 0,
      architecture: null,
      quantization: null,
      trainedContext: null,
    };
    try {
      const { size, mtimeMs } = await stat(path);
      const stamp = `${size}:${mtimeMs}`;
      const known = this.#known.get(path);
      if (known?.stamp === stamp) return known.file;
      const file = await this.#read(path, size);
      this.#known.set(path, { stamp, file });
      return file;
    } catch (thrown) {
      const gone = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
      return { ...unknown, problem: gone ? 'The file is no longer there.' : AppError.from(thrown).message };
    }
  }

  async #read(path: string, sizeBytes: number): Promise<ModelFile> {
    try {
      const { architecture, quantization, trainedContext } = await readGgufSummary(path);
      return {
        path,
        name: displayName(path),
        sizeBytes,
        architecture,
        quantization,
        trainedContext,
        problem: null,
      };
    } catch (thrown) {
      return {
        path,
        name: displayName(path),
        sizeBytes,
        architecture: null,
        quantization: null,
        trainedContext: null,
        problem: AppError.from(thrown).message,
      };
    }
  }

  async #paths(): Promise<string[]> {
    await mkdir(this.#folder, { recursive: true });
    const inFolder = (await readdir(this.#folder))
      .filter((name) => name.toLowerCase().endsWith('.gguf'))
      .map((name) => join(this.#folder, name));
    const added = await this.#added.listModelFiles();
    const starter = this.#starterPath === undefined ? [] : [this.#starterPath];
    return [...new Set([...starter, ...inFolder, ...added])];
  }
}

/** The file name says more than most names inside files: it has the size and the quantisation. */
function displayName(path: string): string {
  return basename(path).replace(/\.gguf$/i, '');
}
