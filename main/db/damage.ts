/** Owns telling a damaged database from any other failure; what is done about it is decided elsewhere. */
import { t } from '../../preload/contract/language.js';
import Sqlite from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';

export function isDamage(thrown: unknown): thrown is Error {
  return (
    thrown instanceof Sqlite.SqliteError &&
    (thrown.code.startsWith('SQLITE_CORRUPT') || thrown.code === 'SQLITE_NOTADB')
  );
}

/** A failure of a query, in words: a page of the file may be damaged that nothing read before. */
export function queryError(thrown: unknown): AppError {
  if (!isDamage(thrown)) return AppError.from(thrown);
  return new AppError(
    {
      code: 'database-damaged',
      message: t('A part of the file with your chats can’t be read.'),
      hint: t('Restore a backup under Settings, Backups: what can still be read is added to it.'),
      details: thrown.message,
    },
    { cause: thrown },
  );
}
