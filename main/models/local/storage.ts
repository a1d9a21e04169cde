/** Owns measuring what the app takes of the disk beyond models, and what is free; changes nothing. */
import { stat, statfs } from 'node:fs/promises';
import type { ModelFolder, Storage } from '../../../preload/contract/local-models.js';

/** @param home the data folder. @param database the file with the chats */
export async function storageOf(
  home: string,
  database: string,
  folders: readonly ModelFolder[],
): Promise<Storage> {
  // With what SQLite has not yet written into it.
  const files = [database, `${database}-wal`, `${database}-shm`];
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const disks: Storage['disks'] = {};
  for (const path of [home, ...folders.map((folder) => folder.path)]) {
    const disk = await statfs(path).catch(() => null);
    if (disk === null) continue;
    disks[path] = { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
  }
  return { databaseBytes: sizes.reduce((sum, size) => sum + size, 0), home, disks };
}
