/** Owns what the maintenance thread can do, by name; each task opens what it needs, and closes it. */
import Sqlite, { type Database } from 'better-sqlite3';
import { queryError } from './damage.js';
import { countRecords, damagedRecords, pageProblems } from './integrity.js';
import type { Maintenance, Tasks } from './maintenance.js';
import { replaceDatabase } from './replace.js';
import { makeSnapshot } from './snapshots.js';

type Work = {
  readonly [N in keyof Tasks]: (task: Tasks[N]['task']) => Tasks[N]['result'] | Promise<Tasks[N]['result']>;
};

const work: Work = {
  snapshot: ({ database, folder, reason }) => makeSnapshot(database, folder, reason),
  check: ({ database }) =>
    reading(database, (db) => {
      const pages = pageProblems(db);
      return { pages, records: pages.length > 0 ? null : damagedRecords(db) };
    }),
  count: ({ database }) => reading(database, countRecords),
  missing: ({ database, saved }) =>
    reading(database, (db) => {
      const textOf = db.prepare<[string], string>('SELECT text FROM messages WHERE id = ?').pluck();
      return saved.filter(([id, text]) => !(textOf.get(id) ?? '').startsWith(text)).map(([id]) => id);
    }),
  replace: replaceDatabase,
};

/** @throws AppError */
export const doTask: Maintenance = async (name, task) => {
  try {
    return await work[name](task);
  } catch (thrown) {
    throw queryError(thrown);
  }
};

function reading<T>(path: string, work: (db: Database) => T): T {
  const db = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
