/** Owns opening the database file; never its contents. */
import { t } from '../../preload/contract/language.js';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import { isDamage } from './damage.js';
import { startIdsAfter } from './id.js';
import { latestVersion, migrate } from './migrate.js';

/**
 * Opens (or creates) the database, checks it and brings it up to date.
 * @param path file path, or ':memory:'
 * @throws AppError `database-newer` or `database-damaged`; the file is left as it is.
 */
export function openDatabase(path: string): Database {
  let db: Database | undefined;
  try {
    db = new Sqlite(path);
    db.pragma('journal_mode = WAL');
    // A message that the user saw as saved must survive a power cut.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('busy_timeout = 5000');
    db.pragma('temp_store = MEMORY');
    migrate(db);
    const newest = db.prepare<[], string | null>('SELECT max(id) FROM messages').pluck().get();
    if (newest) startIdsAfter(newest);
    return db;
  } catch (thrown) {
    db?.close();
    if (!isDamage(thrown)) throw thrown;
    throw new AppError(
      {
        code: 'database-damaged',
        message: t('The file with your chats is damaged and was left untouched.'),
        hint: t('Restore a backup: what can still be read of the damaged file is added to it.'),
        details: `${path}: ${thrown.message}`,
      },
      { cause: thrown },
    );
  }
}

/** Whether the app that had it last did not close it: SQLite removes the log of a database with the last connection. */
export function wasInterrupted(path: string): boolean {
  return existsSync(`${path}-wal`);
}

/** Whether opening will change its tables. */
export function needsUpdate(path: string): boolean {
  const version = userVersion(path);
  return version > 0 && version < latestVersion;
}

/** Read from the head of the file, so that it need not be opened (SQLite's file format, 1.3: at byte 60); 0 = none. */
function userVersion(path: string): number {
  if (!existsSync(path)) return 0;
  const head = Buffer.alloc(64);
  const file = openSync(path, 'r');
  try {
    return readSync(file, head) < head.length ? 0 : head.readInt32BE(60);
  } finally {
    closeSync(file);
  }
}
