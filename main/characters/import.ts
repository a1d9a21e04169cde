/** Owns reading characters from files on the disk, with the picture that lies beside one; changes no file. */
import { t } from '../../preload/contract/language.js';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { characterLimits } from '../../preload/contract/character-limits.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Picture } from '../db/characters.js';
import { readCardFile, requireCardFile, type ReadFile } from './card-file.js';
import { readPicture } from './picture.js';

const pictureEndings = ['.png', '.jpg', '.jpeg', '.PNG', '.JPG', '.JPEG'];

/** @throws AppError bad-input when there is no character in it, or it is damaged or too large */
export async function importFile(path: string): Promise<ReadFile> {
  requireCardFile(path);
  const read = readCardFile(stem(path), await readBounded(path));
  if (read.picture !== null || /\.png$/i.test(path)) return read;
  const { picture, problem } = await pictureBeside(path);
  return { ...read, picture, problems: problem === null ? read.problems : [...read.problems, problem] };
}

/** @throws AppError bad-input for a file that is too large to be one of ours; not-found */
export async function readBounded(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) {
    throw new AppError({
      code: 'not-found',
      message: t('“{name}” is no file that can be read.', { name: basename(path) }),
    });
  }
  // Before it is read: a file of any size can be picked.
  if (found.size > characterLimits.fileBytes) {
    throw new AppError({
      code: 'bad-input',
      message: t('“{name}” is too large: {size} MB is the most.', {
        name: basename(path),
        size: characterLimits.fileBytes / 1e6,
      }),
      hint: t('Nothing was changed.'),
    });
  }
  return readFile(path);
}

/** Without the pictures that lie beside a character of the same name: they come with it. */
export function withoutPictures(paths: readonly string[]): string[] {
  const key = (path: string) => join(dirname(path), stem(path)).toLowerCase();
  const withText = new Set(paths.filter((path) => /\.(json|ya?ml)$/i.test(path)).map(key));
  return paths.filter((path) => !(/\.(png|jpe?g)$/i.test(path) && withText.has(key(path))));
}

async function pictureBeside(
  path: string,
): Promise<{ readonly picture: Picture | null; readonly problem: string | null }> {
  for (const ending of pictureEndings) {
    const beside = join(dirname(path), stem(path) + ending);
    if ((await stat(beside).catch(() => null)) === null) continue;
    try {
      return { picture: readPicture(await readBounded(beside)), problem: null };
    } catch (thrown) {
      return { picture: null, problem: `${basename(beside)}: ${AppError.from(thrown).message}` };
    }
  }
  return { picture: null, problem: null };
}

const stem = (path: string): string => basename(path, extname(path));
