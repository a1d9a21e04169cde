/**
 * Owns the record of changed rows: temporary triggers, made from a table's columns, tell of each row as it was and as it
 * is, and each change can be taken back; never which changes belong together.
 */
import type { Database, Statement } from 'better-sqlite3';

/** Where a table has a column `deleted_at`, that is its trash: a step sets it, and deletes no row for good. */
export type TableOptions = {
  readonly name: string;
  /** The column that says which chat a row is of. */
  readonly chatColumn?: string;
  /** Columns that say where the user is, not what there is: taking a change back may overwrite later values. */
  readonly looseColumns?: readonly string[];
};

type Value = string | bigint | number | Buffer | null;

export type Change = {
  readonly table: LoggedTable;
  /** The row's key as it was after the change. */
  readonly key: readonly Value[];
  readonly chatId: string | null;
  /** Whole rows, but for an update, of which there are only the columns that changed. */
  readonly before: Columns | null;
  readonly after: Columns | null;
  /** Length of what is kept of it, roughly. */
  readonly characters: number;
};

type Columns = ReadonlyMap<string, Value>;

type Listener = {
  /** Asked before each change, so that one that nobody wants costs next to nothing. */
  readonly isOn: () => boolean;
  readonly onChange: (change: Change) => void;
};

/** Tells the listener of each changed row of these tables from now on, for as long as the connection lives. */
export function rowLog(db: Database, tables: readonly TableOptions[], listener: Listener): void {
  // Without it, what INSERT OR REPLACE replaces would go unseen.
  db.pragma('recursive_triggers = ON');
  db.function('log_is_on', () => (listener.isOn() ? 1 : 0));
  for (const options of tables) new LoggedTable(db, options, listener.onChange);
}

class LoggedTable {
  readonly name: string;
  readonly #db: Database;
  readonly #options: TableOptions;
  readonly #columns: readonly string[];
  readonly #keys: readonly string[];
  readonly #statements = new Map<string, Statement<Value[]>>();

  constructor(db: Database, options: TableOptions, onChange: (change: Change) => void) {
    this.#db = db;
    this.#options = options;
    const { name } = options;
    this.name = name;
    const info = db.pragma(`table_info(${name})`) as { name: string; pk: number }[];
    this.#columns = info.map((column) => column.name);
    this.#keys = info
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map((column) => column.name);
    if (this.#keys.length === 0) throw new Error(`Table ${name} has no primary key to tell its rows by.`);

    const log = `log_${name}`;
    // Integers as they are in the file, whatever their size.
    db.function(log, { varargs: true, safeIntegers: true }, (kind: string, ...values: Value[]) => {
      const half = this.#columns.length;
      const row = (start: number) =>
        new Map(this.#columns.map((column, at) => [column, values[start + at]!]));
      const change = this.#change(kind === 'INSERT' ? null : row(0), kind === 'DELETE' ? null : row(half));
      if (change !== null) onChange(change);
      return null;
    });
    const images = { INSERT: ['NULL', 'NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD', 'NULL'] } as const;
    for (const [kind, [before, after]] of Object.entries(images)) {
      const row = (image: string) =>
        this.#columns.map((column) => (image === 'NULL' ? 'NULL' : `${image}."${column}"`));
      db.exec(
        `CREATE TEMP TRIGGER log_${name}_${kind} AFTER ${kind} ON main.${name} WHEN log_is_on()
         BEGIN SELECT ${log}('${kind}', ${[...row(before), ...row(after)].join(', ')}); END`,
      );
    }
  }

  /**
   * Makes a row as it was before its change. One that was added goes to the trash where its table has one.
   * @returns false when the row is not as the change left it
   */
  takeBack({ before, after, key }: Change, nowMs: number): boolean {
    const byKey = this.#keys.map((column) => `"${column}" = ?`).join(' AND ');
    const { name } = this;
    const { looseColumns = [] } = this.#options;
    if (before === null) {
      return this.#columns.includes('deleted_at')
        ? this.#run(`UPDATE ${name} SET deleted_at = ? WHERE ${byKey} AND deleted_at IS NULL`, [
            nowMs,
            ...key,
          ])
        : this.#run(`DELETE FROM ${name} WHERE ${byKey}`, key);
    }
    const columns = [...before.keys()];
    if (after === null) {
      const names = columns.map((column) => `"${column}"`).join(', ');
      const values = columns.map(() => '?').join(', ');
      return this.#run(`INSERT OR IGNORE INTO ${name} (${names}) VALUES (${values})`, [...before.values()]);
    }
    const strict = columns.filter((column) => !looseColumns.includes(column));
    const set = columns.map((column) => `"${column}" = ?`).join(', ');
    const unchanged = strict.map((column) => ` AND "${column}" IS ?`).join('');
    return this.#run(`UPDATE ${name} SET ${set} WHERE ${byKey}${unchanged}`, [
      ...before.values(),
      ...key,
      ...strict.map((column) => after.get(column)!),
    ]);
  }

  /** @returns null for an update that changed nothing */
  #change(before: Columns | null, after: Columns | null): Change | null {
    const row = (after ?? before)!;
    const { chatColumn } = this.#options;
    const key = this.#keys.map((column) => row.get(column)!);
    const chatId = chatColumn === undefined ? null : String(row.get(chatColumn));
    const differ = (column: string) => !same(before!.get(column)!, after!.get(column)!);
    const kept = before === null || after === null ? this.#columns : this.#columns.filter(differ);
    if (kept.length === 0) return null;
    const only = (image: Columns | null) =>
      image && new Map(kept.map((column) => [column, image.get(column)!]));
    // What was added is only taken away again: no image of it is needed.
    const images = { before: only(before), after: before === null ? new Map<string, Value>() : only(after) };
    const characters = [...(images.before?.values() ?? []), ...(images.after?.values() ?? [])].reduce<number>(
      (sum, value) => sum + (typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8),
      0,
    );
    return { table: this, key, chatId, ...images, characters };
  }

  /** @returns whether exactly one row was changed */
  #run(sql: string, values: readonly Value[]): boolean {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement.run(...values).changes === 1;
  }
}

/** Of two values of one column of a STRICT table. */
function same(a: Value, b: Value): boolean {
  return Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.equals(b) : a === b;
}
