/** Owns the list of model files that the user added from outside the models folder. */
import type { Database } from 'better-sqlite3';

export function makeModelFileQueries(db: Database) {
  const list = db.prepare<[], string>('SELECT path FROM model_files ORDER BY added_at').pluck();
  const insert = db.prepare('INSERT OR IGNORE INTO model_files (path, added_at) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM model_files WHERE path = ?');
  return {
    list: (): string[] => list.all(),
    add: (path: string): void => void insert.run(path, Date.now()),
    remove: (path: string): void => void remove.run(path),
  };
}
