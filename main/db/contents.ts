/** Owns counting what the user has in a database, of whatever version it is; never reads what it says. */
import type { Database } from 'better-sqlite3';
import type { BackupContents } from '../../preload/contract/backup-files.js';

/** Without what lies in the trash. */
export function countContents(db: Database): BackupContents {
  return {
    chats: countOf(db, 'chats'),
    messages: countOf(db, 'messages'),
    characters: countOf(db, 'characters'),
    presets: countOf(db, 'presets'),
    notes: countOf(db, 'notes'),
    templates: countOf(db, 'workshop'),
  };
}

/** A table that an older version has not is empty. */
function countOf(db: Database, table: string): number {
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  if (columns.length === 0) return 0;
  const kept = columns.includes('deleted_at') ? 'WHERE deleted_at IS NULL' : '';
  return db.prepare<[], number>(`SELECT count(*) FROM "${table}" ${kept}`).pluck().get()!;
}
