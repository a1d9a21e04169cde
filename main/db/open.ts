/** Owns opening the database file; never its contents. */
import Sqlite, { type Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import { migrate } from './migrate.js';

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
    return db;
  } catch (thrown) {
    db?.close();
    if (isDamage(thrown)) {
      throw new AppError(
        {
          code: 'database-damaged',
          message: 'The file with your chats is damaged and was left untouched.',
          hint: `Close Altiplano, put a backup in place of ${path}, or move the file away to start empty.`,
          details: thrown.message,
        },
        { cause: thrown },
      );
    }
    throw thrown;
  }
}

function isDamage(thrown: unknown): thrown is Error {
  return (
    thrown instanceof Sqlite.SqliteError &&
    (thrown.code.startsWith('SQLITE_CORRUPT') || thrown.code === 'SQLITE_NOTADB')
  );
}
