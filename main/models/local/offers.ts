/** Owns what is offered of other apps' folders: counts and sizes, and whether the list has them. */
import { stat } from 'node:fs/promises';
import type { AppFolderOffer, LocalLibrary } from '../../../preload/contract/local-models.js';
import type { FoundFolder } from './apps.js';
import { groupParts } from './found-models.js';
import { isInside } from './scan.js';

export async function offersOf(
  found: readonly FoundFolder[],
  { folders }: Pick<LocalLibrary, 'folders'>,
): Promise<AppFolderOffer[]> {
  const added = folders.map(({ path }) => path);
  return Promise.all(
    found.map(async ({ app, path, scan }) => {
      const models = groupParts(scan.files.map((file) => ({ ...file, source: 'folder', folder: path })));
      const paths = models.flatMap(({ parts }) => parts);
      const sizes = await Promise.all(
        paths.map((file) =>
          stat(file).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      );
      return {
        ...{ app, path, models: models.length, problem: scan.problem },
        sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
        isAdded: added.some((folder) => isInside(folder, path)),
      };
    }),
  );
}
