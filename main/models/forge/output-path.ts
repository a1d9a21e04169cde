/** Owns where a new model goes: names that can't lead out of the models folder, no file written over, room on the disk. */
import { t } from '../../../preload/contract/language.js';
import { existsSync } from 'node:fs';
import { readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';
import { unfinishedName } from './gguf-writer.js';

/** Reserved on Windows, whatever their ending. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** What some system takes for more than a letter. */
// eslint-disable-next-line no-control-regex -- they are what must not be in a name
const special = /[\\/:*?"<>|\u0000-\u001f]/;

/** @throws AppError bad-input for a name that can't be one of a file, or that is taken */
export function outputPath(folder: string, name: string): string {
  const refuse = (message: string, hint: string) => new AppError({ code: 'bad-input', message, hint });
  if (special.test(name) || /^\.|[. ]$/.test(name) || reserved.test(name)) {
    throw refuse(
      t('This can’t be the name of a file.'),
      t('Use letters, digits, spaces, dots and dashes, and no folder.'),
    );
  }
  const path = join(folder, `${name}.gguf`);
  if (existsSync(path)) {
    throw refuse(
      t('{name} is in the models folder already.', { name }),
      t('Choose another name, or delete the old one first.'),
    );
  }
  return path;
}

/** Where weights wait that are to be quantised. */
export const intermediatePath = (path: string): string => unfinishedName(`${path}.source`);

/** Removes what a job left behind that did not come to its end. */
export async function removeUnfinished(path: string): Promise<void> {
  const ways = [path, intermediatePath(path)];
  for (const way of ways) await rm(unfinishedName(way), { force: true });
  await rm(intermediatePath(path), { force: true });
}

/** Removes what was left in the models folder when the app was ended in the middle of a job. */
export async function removeAllUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(unfinishedName('')))) {
    await rm(join(folder, name), { force: true });
  }
}

/** @throws AppError disk-full with what is needed and what is free */
export async function requireRoom(path: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new AppError({
    code: 'disk-full',
    message: t(
      'The new model needs about {needed, number, ::.00} GB, and {free, number, ::.00} GB are free.',
      { needed: neededBytes / 1e9, free: free / 1e9 },
    ),
    hint: t('Free some space, or choose a smaller type.'),
  });
}
