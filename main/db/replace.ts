/** Owns putting another file in place of a database that is closed; what was there is kept until the other one is proven. */
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordCounts } from '../../preload/contract/backups.js';
import { openDatabase } from './open.js';
import { keepMachine } from './machine.js';
import { salvage } from './salvage.js';
import { flush, prove } from './snapshots.js';

export type Replacement = {
  readonly database: string;
  /** The file that takes its place; null = an empty database. */
  readonly snapshot: string | null;
  /** Where to put the present one aside; null = nowhere, it is among the snapshots. */
  readonly asideFolder: string | null;
  /** Whether to add what can be read of the present one. */
  readonly rescue: boolean;
  /** Whether it comes from another machine: then what the present one says of this machine stays. */
  readonly isForeign: boolean;
};

export type Replaced = { readonly rescued: RecordCounts; readonly keptAside: string | null };

const logs = ['-wal', '-shm'] as const;

/**
 * Nothing of the present database is touched before its replacement is complete, proven and on the disk.
 * @throws AppError `database-newer`, `database-damaged` when the snapshot can't be used
 */
export function replaceDatabase(replacement: Replacement): Replaced {
  const { database, snapshot, asideFolder, rescue, isForeign } = replacement;
  const next = `${database}.next`;
  removeAll(next);
  try {
    if (snapshot !== null) copyFileSync(snapshot, next, constants.COPYFILE_FICLONE);
    const db = openDatabase(next);
    let rescued: RecordCounts = { chats: 0, messages: 0 };
    try {
      if (rescue) rescued = salvage(database, db);
      if (isForeign) keepMachine(database, db);
    } finally {
      db.close();
    }
    prove(next);
    flush(next);
    const keptAside = asideFolder === null ? null : putAside(database, asideFolder);
    for (const log of logs) rmSync(`${database}${log}`, { force: true });
    renameSync(next, database);
    flush(join(database, '..'));
    return { rescued, keptAside };
  } catch (thrown) {
    removeAll(next);
    throw thrown;
  }
}

/** A copy: until the very last step the database is where it was. */
function putAside(database: string, folder: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, `damaged ${time}Z.db`);
  for (const end of ['', '-wal']) {
    if (!existsSync(`${database}${end}`)) continue;
    copyFileSync(`${database}${end}`, `${aside}${end}`, constants.COPYFILE_FICLONE);
    flush(`${aside}${end}`);
  }
  return aside;
}

function removeAll(path: string): void {
  for (const end of ['', ...logs]) rmSync(`${path}${end}`, { force: true });
}
