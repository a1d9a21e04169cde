/** Owns what failures of the disk under the models folder are called; never touches it. */
import { t } from '../../../preload/contract/language.js';
import { dirname } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';

/** For a file that need not be there. */
export function whenMissing(thrown: unknown): null {
  if (codeOf(thrown) === 'ENOENT') return null;
  throw thrown;
}

const codeOf = (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');

/** @throws AppError `disk-full`, `folder-unusable`, else `unexpected` */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw folderError(thrown, dirname(path));
  }
}

function folderError(thrown: unknown, folder: string): AppError {
  const code = codeOf(thrown);
  const said = (message: string, hint: string) =>
    new AppError({ code: 'folder-unusable', message, hint, details: String(thrown) }, { cause: thrown });
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return said(
        t('The models folder can’t be written to: {folder}', { folder }),
        t('Allow Altiplano to write there, then try again. What was fetched is kept.'),
      );
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENXIO':
    case 'EIO':
      return said(
        t('The models folder is not there, or its disk is gone: {folder}', { folder }),
        t('Put it back, then try again.'),
      );
    default:
      return AppError.from(thrown);
  }
}
