/** Owns the snapshots of the database on the disk: writes them, proves them, lists them, clears old ones away. */
import { t } from '../../preload/contract/language.js';
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
import { countContents } from './contents.js';
import { isDamage } from './damage.js';
import { countRecords, pageProblems } from './integrity.js';
import { expendable, parseSnapshotName, snapshotName, surplus } from './snapshot-names.js';

/** What a snapshot must leave free of the disk. */
export const reserveBytes = 500_000_000;

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
 * @returns null when there is nothing to keep; before a restore also that is kept
 * @throws AppError `disk-full`, or `database-damaged` when the copy is not sound
 */
export async function makeSnapshot(
  path: string,
  folder: string,
  reason: BackupReason,
): Promise<Backup | null> {
  const part = join(folder, partName);
  if (reason !== 'restore' && !hasContents(path)) return null;
  try {
    const facts = { ...(await copyProven(path, part)), reason, madeAt: freeSecond(folder) };
    const name = snapshotName(facts);
    flush(part);
    renameSync(part, join(folder, name));
    flush(folder);
    for (const { id } of surplus(listSnapshots(folder))) remove(folder, id);
    return { ...facts, id: name, sizeBytes: statSync(join(folder, name)).size };
  } catch (thrown) {
    rmSync(part, { force: true });
    throw damageOr(thrown);
  }
}

/**
 * Copies a database that others may use meanwhile, and proves the copy. Where the disk is full, older snapshots beside
 * the copy make room. @throws as `makeSnapshot`; nothing of the copy is left then
 */
export async function copyProven(path: string, copy: string): Promise<ReturnType<typeof prove>> {
  mkdirSync(dirname(copy), { recursive: true });
  rmSync(copy, { force: true });
  const source = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    await makeRoom(dirname(copy), sizeOf(source));
    // In one step: a copy in steps begins anew whenever somebody writes between them.
    await source.backup(copy, { progress: () => 0x7fffffff });
    return prove(copy);
  } catch (thrown) {
    rmSync(copy, { force: true });
    throw damageOr(thrown);
  } finally {
    source.close();
  }
}

/** Where the settings are kept that belong to a snapshot; few have them. */
export const settingsBeside = (snapshot: string): string => `${snapshot}.settings.json`;

function remove(folder: string, id: string): void {
  rmSync(join(folder, id), { force: true });
  rmSync(settingsBeside(join(folder, id)), { force: true });
}

/** Whether there is anything to keep. */
function hasContents(path: string): boolean {
  const db = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    return Object.values(countContents(db)).some((count) => count > 0);
  } catch (thrown) {
    throw damageOr(thrown);
  } finally {
    db.close();
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
    remove(folder, id);
  }
  const free = await freeBytes(folder);
  if (free >= neededBytes) return;
  throw new AppError({
    code: 'disk-full',
    message: t('There is not enough free space for a backup of your chats, so none was made.'),
    hint: t('Free some space on the disk of {folder}. The chats themselves are safe.', {
      folder: dirname(folder),
    }),
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
    message: t('The file with your chats is damaged in places, so no backup was made of it.'),
    hint: t('Restore an older backup under Settings, Backups: what can still be read is added to it.'),
    details,
  });
}
