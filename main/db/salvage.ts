/** Owns what can still be read of a damaged database: row by row, around what is gone; never writes to it. */
import Sqlite, { type Database } from 'better-sqlite3';
import { isDamage } from './damage.js';
import { countRecords, mend, type Counts } from './integrity.js';

type Row = readonly [rowid: number, ...values: unknown[]];

/** How far to look for the next row that can be read when the last one is unknown. */
const blindProbes = 10_000;

/**
 * Adds what a damaged database has and the other one lacks. Rows that both have stay as the other one has them.
 * @param target an open, sound database, up to date
 * @returns how many chats and messages came
 * @throws SqliteError when the target can't be written
 */
export function salvage(damagedPath: string, target: Database): Counts {
  const before = countRecords(target);
  const source = openDamaged(damagedPath);
  if (source !== null) {
    try {
      // A message may come before the chat that it belongs to.
      target.pragma('foreign_keys = OFF');
      target.transaction(() => {
        for (const table of tablesOf(target)) copyRows(source, target, table);
      })();
    } finally {
      target.pragma('foreign_keys = ON');
      source.close();
    }
    mend(target);
  }
  const after = countRecords(target);
  return { chats: after.chats - before.chats, messages: after.messages - before.messages };
}

/** Null when not even the list of its tables can be read. */
export function openDamaged(path: string): Database | null {
  let db: Database | undefined;
  try {
    db = new Sqlite(path, { readonly: true, fileMustExist: true });
    tablesOf(db);
    return db;
  } catch {
    db?.close();
    return null;
  }
}

/** Tables with rows of their own: an index for the search is filled by its triggers. */
function tablesOf(db: Database): string[] {
  return db
    .prepare<[], string>(
      `SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .pluck()
    .all();
}

function columnsOf(db: Database, table: string): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

/** Adds the rows that can be read to those that are there. */
export function copyRows(source: Database, target: Database, table: string): void {
  const known = new Set(columnsOf(target, table));
  const columns = columnsOf(source, table).filter((column) => known.has(column));
  if (columns.length === 0) return;
  const names = columns.map((column) => `"${column}"`).join(', ');
  const places = columns.map(() => '?').join(', ');
  const insert = target.prepare(`INSERT OR IGNORE INTO "${table}" (${names}) VALUES (${places})`);
  for (const [, ...values] of readableRows(source, table, names)) {
    try {
      insert.run(...values);
    } catch (thrown) {
      // What stands in a damaged page need not be of the right type.
      if (!isRefusal(thrown)) throw thrown;
    }
  }
}

/** All rows that can be read: in their order until one can't, then from the next one that can. */
function* readableRows(db: Database, table: string, columns: string): Generator<Row> {
  const select = `SELECT rowid, ${columns} FROM "${table}"`;
  const following = db.prepare<[number], Row>(`${select} WHERE rowid > ? ORDER BY rowid`).raw();
  const single = db.prepare<[number], Row>(`${select} WHERE rowid = ?`).raw();
  const last = lastRowid(db, table);
  let at = -1;
  for (;;) {
    try {
      for (const row of following.iterate(at)) {
        at = row[0];
        yield row;
      }
      return;
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
    }
    const found = nextReadable(single, at + 1, last ?? at + blindProbes);
    if (found === null) return;
    at = found[0];
    yield found;
  }
}

function nextReadable(single: { get(rowid: number): Row | undefined }, from: number, to: number): Row | null {
  for (let rowid = from; rowid <= to; rowid++) {
    try {
      const row = single.get(rowid);
      if (row !== undefined) return row;
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
    }
  }
  return null;
}

function lastRowid(db: Database, table: string): number | null {
  try {
    return db.prepare<[], number | null>(`SELECT max(rowid) FROM "${table}"`).pluck().get() ?? 0;
  } catch (thrown) {
    if (isDamage(thrown)) return null;
    throw thrown;
  }
}

function isRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof Sqlite.SqliteError &&
    (thrown.code.startsWith('SQLITE_CONSTRAINT') || thrown.code === 'SQLITE_MISMATCH')
  );
}
