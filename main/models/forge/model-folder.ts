/** Owns a folder of model files as a list of names to read, from the disk or by XOR of two folders; never leaves it. */
import { t } from '../../../preload/contract/language.js';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile, openBytes, xorBytes, type ExactBytes } from './exact-bytes.js';

export type ModelFolder = {
  readonly name: string;
  /** Names of the files in it, without sub-folders. */
  readonly files: ReadonlySet<string>;
  /** @throws AppError not-found */
  open(file: string): Promise<ExactBytes>;
};

/** A tokenizer.json of 128,000 tokens has 9 MB. */
const maxTextBytes = 128 * 2 ** 20;

/** @throws AppError not-found */
export async function openFolder(path: string): Promise<ModelFolder> {
  const entries = await readdir(path, { withFileTypes: true }).catch((thrown: unknown) => {
    throw missing(path, thrown);
  });
  // Hugging Face's own cache keeps links to files.
  const files = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  return {
    name: basename(path),
    files,
    open: (file) => {
      if (!files.has(file)) throw missing(join(path, file));
      return openBytes(join(path, file)).catch((thrown: unknown) => {
        throw missing(join(path, file), thrown);
      });
    },
  };
}

/** The one file of a release that is not XORed: the base has none of its name (see the release's xor_codec.py). */
const plainFile = 'added_tokens.json';

/** The folder whose files are those of `payload` XOR the files of the same names in `base`. */
export function xorFolder(payload: ModelFolder, base: ModelFolder): ModelFolder {
  const isPlain = (file: string) => file === plainFile && !base.files.has(file);
  return {
    name: payload.name,
    files: new Set([...payload.files].filter((file) => base.files.has(file) || isPlain(file))),
    open: async (file) => {
      const bytes = await payload.open(file);
      return isPlain(file) ? bytes : xorBytes(bytes, await base.open(file));
    },
  };
}

/** The text of a file, or null where there is none. @throws AppError bad-input for one of absurd size */
export async function readText(folder: ModelFolder, file: string): Promise<string | null> {
  if (!folder.files.has(file)) return null;
  return (await readAll(folder, file)).toString('utf8');
}

/** All bytes of a small file. @throws AppError not-found or bad-input for one of absurd size */
export async function readAll(folder: ModelFolder, file: string): Promise<Buffer> {
  const bytes = await folder.open(file);
  try {
    if (bytes.sizeBytes > maxTextBytes) throw brokenFile(file, t('it is absurdly large'));
    return await bytes.read(0, bytes.sizeBytes);
  } finally {
    await bytes.close();
  }
}

/** The first bytes of a file. @throws AppError not-found */
export async function readStart(folder: ModelFolder, file: string): Promise<Buffer> {
  const bytes = await folder.open(file);
  try {
    return await bytes.read(0, Math.min(4, bytes.sizeBytes));
  } finally {
    await bytes.close();
  }
}

/** The content of a JSON file, or null where there is none. @throws AppError bad-input */
export async function readJson(folder: ModelFolder, file: string): Promise<unknown> {
  const text = await readText(folder, file);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw brokenFile(file, t('it is not JSON'));
  }
}

function missing(path: string, cause?: unknown): AppError {
  return new AppError(
    {
      code: 'not-found',
      message: t('{path} is not there or can’t be read.', { path }),
      hint: t('Check that the folder is complete, and choose it again.'),
      ...(cause === undefined ? {} : { details: String(cause) }),
    },
    { cause },
  );
}
