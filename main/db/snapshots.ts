/** Owns the snapshots of the database on the disk: writes them, proves them, lists them, clears old ones away. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { Backup, BackupReason } from '../../preload/contract/backups.js';
import { AppError } from '../../preload/contract/errors.js';
import { isDamage } from './damage.js';
import { countRecords, pageProblems } from './integrity.js';
import { expendable, parseSnapshotName, snapshotName, surplus } from './snapshot-names.js';

/** What a snapshot must leave free of the disk. */
const reserveBytes = 500_000_000;

const partName = 'unfinished.part';

/** Newest first; empty where there is no folder yet. */
export function listSnapshots(folder: string): Backup[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const facts = parseSnapshotName(name);
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      return facts === null || stat === undefined ? [] : [{ ...facts, sizeBytes: stat.size }];
    })
    .sort((a, b) => b.madeAt - a.madeAt);
}

/**
 * Copies a database that others may use meanwhile, proves the copy, and clears away what is no longer needed. The
 * database itself is only read. Nobody waits for it: in WAL mode, one who reads keeps no one from writing.
 * @returns null when there are no messages to keep
 * @throws AppError `disk-full`, or `database-damaged` when the copy is not sound
 */
export async function makeSnapshot(
  path: string,
  folder: string,
  reason: BackupReason,
): Promise<Backup | null> {
  mkdirSync(folder, { recursive: true });
  const part = join(folder, partName);
  const source = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    if (source.prepare('SELECT 1 FROM messages LIMIT 1').get() === undefined) return null;
    await makeRoom(folder, sizeOf(source));
    rmSync(part, { force: true });
    // In one step: a copy in steps begins anew whenever somebody writes between them.
    await source.backup(part, { progress: () => 0x7fffffff });
  } catch (thrown) {
    rmSync(part, { force: true });
    throw damageOr(thrown);
  } finally {
    source.close();
  }
  try {
    const facts = { ...prove(part), reason, madeAt: freeSecond(folder) };
    const name = snapshotName(facts);
    flush(part);
    renameSync(part, join(folder, name));
    flush(folder);
    for (const { id } of surplus(listSnapshots(folder))) rmSync(join(folder, id), { force: true });
    return { ...facts, id: name, sizeBytes: statSync(join(folder, name)).size };
  } catch (thrown) {
    rmSync(part, { force: true });
    throw damageOr(thrown);
  }
}

/** Reads all of a copy, as a database of its own. @throws AppError `database-damaged` */
export function prove(path: string): { version: number; chats: number; messages: number } {
  withoutLog(path);
  const db = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const problems = pageProblems(db);
    if (problems.length > 0) throw damaged(problems.join('\n'));
    return { version: db.pragma('user_version', { simple: true }) as number, ...countRecords(db) };
  } finally {
    db.close();
  }
}

/** Brings a file, or the list of a folder's files, onto the disk. */
export function flush(path: string): void {
  // Windows can't flush folders, and does not need it.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const file = openSync(path, statSync(path).isDirectory() ? 'r' : 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A copy is one file: nothing beside it that would have to be copied along. */
function withoutLog(path: string): void {
  const db = new Sqlite(path, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

function sizeOf(db: Database): number {
  const pages = db.pragma('page_count', { simple: true }) as number;
  return pages * (db.pragma('page_size', { simple: true }) as number);
}

/** Removes older snapshots as far as that is needed. @throws AppError `disk-full` */
async function makeRoom(folder: string, sizeBytes: number): Promise<void> {
  const neededBytes = sizeBytes + reserveBytes;
  for (const { id } of expendable(listSnapshots(folder))) {
    if ((await freeBytes(folder)) >= neededBytes) return;
    rmSync(join(folder, id), { force: true });
  }
  const free = await freeBytes(folder);
  if (free >= neededBytes) return;
  throw new AppError({
    code: 'disk-full',
    message: 'There is not enough free space for a backup of your chats, so none was made.',
    hint: `Free some space on the disk of ${dirname(folder)}. The chats themselves are safe.`,
    details: `${free} bytes are free; the database takes ${sizeBytes}, and ${reserveBytes} are left free`,
  });
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Now, or the first second after it that no snapshot is named by. */
function freeSecond(folder: string): number {
  const taken = new Set(listSnapshots(folder).map(({ madeAt }) => madeAt));
  let time = Math.floor(Date.now() / 1000) * 1000;
  while (taken.has(time)) time += 1000;
  return time;
}

function damageOr(thrown: unknown): unknown {
  return isDamage(thrown) ? damaged(thrown.message) : thrown;
}

function damaged(details: string): AppError {
  return new AppError({
    code: 'database-damaged',
    message: 'The file with your chats is damaged in places, so no backup was made of it.',
    hint: 'Restore an older backup under Settings, Backups: what can still be read is added to it.',
    details,
  });
}
