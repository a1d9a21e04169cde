/** Undo on real SQLite: whatever was done in steps comes back row by row, or not at all. */
import Sqlite, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Steps } from '../../../../main/db/undo.js';
import type { UndoState } from '../../../../preload/contract/undo.js';

const latest = { stepId: null, busyChatIds: [] };

let db: Database;
let steps: Steps;
let states: UndoState[];

function open(): void {
  db = new Sqlite(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec(`
    CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, ratio REAL, icon BLOB,
      -- As in any tree, there is no circle.
      parent_id INTEGER CHECK (parent_id < id) REFERENCES folders(id) ON DELETE CASCADE) STRICT;
    CREATE TABLE chats (id TEXT PRIMARY KEY, title TEXT NOT NULL, leaf TEXT, deleted_at INTEGER,
      folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL) STRICT;
    CREATE TABLE tags (chat_id TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE, name TEXT NOT NULL,
      PRIMARY KEY (chat_id, name)) STRICT, WITHOUT ROWID;
  `);
  states = [];
  steps = new Steps(
    db,
    [
      { name: 'folders' },
      { name: 'chats', chatColumn: 'id', looseColumns: ['leaf'] },
      { name: 'tags', chatColumn: 'chat_id' },
    ],
    (state) => states.push(state),
  );
}

beforeEach(open);
afterEach(() => db.close());

const run = (sql: string, ...values: unknown[]) => db.prepare(sql).run(...values);
const step = (label: string, sql: string, ...values: unknown[]) =>
  steps.record(label, () => run(sql, ...values));
const rows = (table: string) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).safeIntegers().all();
const everything = () => ['folders', 'chats', 'tags'].map(rows);

describe('one step', () => {
  test('is taken back, made again, and told of', () => {
    run(`INSERT INTO chats (id, title) VALUES ('c', 'Llamas')`);
    step('Rename chat', `UPDATE chats SET title = 'Alpacas'`);
    expect(steps.state).toMatchObject({ undo: { label: 'Rename chat' }, redo: null });
    expect(steps.undo(latest)).toMatchObject({ label: 'Rename chat', chatIds: ['c'] });
    expect(rows('chats')).toMatchObject([{ title: 'Llamas' }]);
    expect(steps.redo(latest)).toMatchObject({ label: 'Rename chat' });
    expect(rows('chats')).toMatchObject([{ title: 'Alpacas' }]);
    expect(states.at(-1)).toMatchObject({ undo: { label: 'Rename chat' }, redo: null });
    expect(() => steps.redo(latest)).toThrow('There is nothing to redo.');
  });

  test('that changed nothing, or failed, is no step', () => {
    step('Nothing', `UPDATE chats SET title = 'x'`);
    expect(() =>
      steps.record('Failing', () => {
        run(`INSERT INTO chats (id, title) VALUES ('c', 'Llamas')`);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(everything().flat()).toEqual([]);
    expect(steps.state).toEqual({ undo: null, redo: null });
  });

  test('takes in what did the same just before, where that is asked for', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      run(`INSERT INTO chats (id, title) VALUES ('c', 'a'), ('d', 'a')`);
      const set = (chatId: string, title: string) => {
        const work = () => run('UPDATE chats SET title = ? WHERE id = ?', title, chatId);
        steps.record('Set', work, true);
      };
      set('c', 'b');
      vi.advanceTimersByTime(4000);
      set('c', 'c');
      set('d', 'd');
      vi.advanceTimersByTime(6000);
      set('d', 'e');
      const titles = () => db.prepare('SELECT title FROM chats ORDER BY id').pluck().all();
      steps.undo(latest);
      expect(titles()).toEqual(['c', 'd']);
      steps.undo(latest);
      steps.undo(latest);
      expect(titles()).toEqual(['a', 'a']);
      expect(steps.state.undo).toBeNull();
      steps.redo(latest);
      expect(titles()).toEqual(['c', 'a']);
      // What was taken back is not what it goes into.
      steps.undo(latest);
      set('c', 'f');
      steps.undo(latest);
      expect(titles()).toEqual(['a', 'a']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('takes in the steps inside it, and a new one ends what could be made again', () => {
    steps.record('Sort', () => {
      step('Add folder', `INSERT INTO folders (name) VALUES ('a')`);
      step('Add folder', `INSERT INTO folders (name) VALUES ('b')`);
    });
    steps.undo(latest);
    expect(rows('folders')).toEqual([]);
    step('Add folder', `INSERT INTO folders (name) VALUES ('c')`);
    expect(steps.state).toMatchObject({ undo: { label: 'Add folder' }, redo: null });
  });

  test('brings back what went along: rows of other tables, names, sizes and bytes', () => {
    const icon = Buffer.from([0, 255, 39, 10]);
    run(`INSERT INTO folders VALUES (9007199254740993, ?, 0.1, ?, NULL)`, `It's\0odd`, icon);
    run(`INSERT INTO folders VALUES (9007199254740995, 'inner', 1.0, NULL, 9007199254740993)`);
    run(`INSERT INTO chats (id, title, folder_id) VALUES ('c', 'Llamas', 9007199254740995)`);
    const before = everything();
    step('Delete folder', `DELETE FROM folders WHERE name <> 'inner'`);
    expect(rows('folders')).toEqual([]);
    const after = everything();
    steps.undo(latest);
    expect(everything()).toEqual(before);
    steps.redo(latest);
    expect(everything()).toEqual(after);
  });

  test('sees what a replacing insert replaces', () => {
    run(`INSERT INTO folders (id, name) VALUES (1, 'a'), (2, 'b')`);
    const before = everything();
    step('Replace', `INSERT OR REPLACE INTO folders (id, name) VALUES (1, 'b')`);
    expect(rows('folders')).toHaveLength(1);
    steps.undo(latest);
    expect(everything()).toEqual(before);
  });

  test('puts what it added into the trash, where its table has one', () => {
    step('Add chat', `INSERT INTO chats (id, title) VALUES ('c', '')`);
    run(`UPDATE chats SET title = 'written meanwhile'`);
    steps.undo(latest);
    expect(rows('chats')).toMatchObject([
      { title: 'written meanwhile', deleted_at: expect.any(BigInt) as bigint },
    ]);
    steps.redo(latest);
    expect(rows('chats')).toMatchObject([{ title: 'written meanwhile', deleted_at: null }]);
  });
});

describe('what changed outside of steps', () => {
  beforeEach(() => {
    run(`INSERT INTO chats (id, title, leaf) VALUES ('c', 'Llamas', 'x')`);
    step('Older', `UPDATE chats SET title = 'Alpacas' WHERE id = 'c'`);
  });

  test('in other columns stays', () => {
    run(`UPDATE chats SET leaf = 'y'`);
    steps.undo(latest);
    expect(rows('chats')).toMatchObject([{ title: 'Llamas', leaf: 'y' }]);
  });

  test('in the same column makes the whole step be given up, and does not bar the way to older ones', () => {
    steps.record('Newer', () => {
      run(`INSERT INTO folders (id, name) VALUES (1, 'a')`);
      run(`UPDATE chats SET folder_id = 1`);
    });
    run(`INSERT INTO folders (id, name) VALUES (2, 'b')`);
    run(`UPDATE chats SET folder_id = 2`);
    const before = everything();
    expect(() => steps.undo(latest)).toThrow(
      expect.objectContaining({
        code: 'cannot-undo',
        message: expect.stringContaining('“Newer” can’t be undone') as string,
      }) as Error,
    );
    expect(everything()).toEqual(before);
    steps.undo(latest);
    expect(rows('chats')).toMatchObject([{ title: 'Llamas', folder_id: 2n }]);
  });

  test('may move where the user is', () => {
    step('Move', `UPDATE chats SET title = 'Vicuñas', leaf = 'z'`);
    run(`UPDATE chats SET leaf = 'elsewhere'`);
    steps.undo(latest);
    expect(rows('chats')).toMatchObject([{ title: 'Alpacas', leaf: 'x' }]);
  });

  test('that leaves no place for what comes back is no half undo', () => {
    run(`INSERT INTO folders (id, name) VALUES (1, 'a'), (2, 'b')`);
    step('Delete folders', `DELETE FROM folders`);
    run(`INSERT INTO folders (id, name) VALUES (7, 'a')`);
    expect(() => steps.undo(latest)).toThrow(/“Delete folders” can’t be undone/);
    expect(rows('folders')).toHaveLength(1);
  });

  test('a step that names a row that is gone is given up too', () => {
    run(`INSERT INTO folders (id, name) VALUES (1, 'a')`);
    run(`UPDATE chats SET folder_id = 1`);
    step('Take out', `UPDATE chats SET folder_id = NULL`);
    run(`DELETE FROM folders`);
    expect(() => steps.undo(latest)).toThrow(/“Take out” can’t be undone/);
    expect(rows('chats')).toMatchObject([{ folder_id: null }]);
  });
});

describe('which step', () => {
  beforeEach(() => {
    run(`INSERT INTO chats (id, title) VALUES ('c', 'Llamas'), ('d', 'Camels')`);
    step('First', `UPDATE chats SET title = '1' WHERE id = 'c'`);
  });

  test('a notice takes back its own step alone', () => {
    const own = steps.state.undo!.id;
    step('Second', `UPDATE chats SET title = '2' WHERE id = 'd'`);
    expect(() => steps.undo({ ...latest, stepId: own })).toThrow('Something else was changed since.');
    steps.undo(latest);
    steps.undo({ ...latest, stepId: own });
    expect(rows('chats')).toMatchObject([{ title: 'Llamas' }, { title: 'Camels' }]);
  });

  test('none of a chat that is being written', () => {
    expect(() => steps.undo({ ...latest, busyChatIds: ['c'] })).toThrow(
      expect.objectContaining({ code: 'busy' }) as Error,
    );
    steps.undo({ ...latest, busyChatIds: ['d'] });
    expect(rows('chats')).toMatchObject([{ title: 'Llamas' }, {}]);
  });

  test('no more than the last two hundred', () => {
    for (let count = 0; count < 250; count++) step(`${count}`, `UPDATE chats SET title = ?`, `t${count}`);
    let undone = 0;
    for (; steps.state.undo !== null; undone++) steps.undo(latest);
    expect(undone).toBe(200);
    expect(rows('chats')).toMatchObject([{ title: 't49' }, { title: 't49' }]);
  });
});

test('any steps, all taken back, leave the rows as they were; all made again, as after them', () => {
  const id = fc.constantFrom('1', '2', '3', '4');
  const folder = fc.option(id);
  const statement = fc.oneof(
    fc.tuple(
      fc.constant('INSERT OR REPLACE INTO folders (id, name, parent_id) VALUES (?, ?, ?)'),
      ...[id, id, folder],
    ),
    fc.tuple(fc.constant('UPDATE folders SET name = ?, parent_id = ? WHERE id = ?'), id, folder, id),
    fc.tuple(fc.constant('UPDATE OR REPLACE folders SET id = ?, name = ? WHERE id = ?'), id, id, id),
    fc.tuple(fc.constant('DELETE FROM folders WHERE id = ?'), id),
    fc.tuple(fc.constant('UPDATE chats SET folder_id = ? WHERE id = ?'), folder, id),
    fc.tuple(fc.constant('UPDATE chats SET deleted_at = 5 WHERE id = ?'), id),
    fc.tuple(fc.constant('INSERT OR IGNORE INTO tags (chat_id, name) VALUES (?, ?)'), id, id),
    fc.tuple(fc.constant('UPDATE OR IGNORE tags SET name = ? WHERE chat_id = ?'), id, id),
  );
  const undoAll = () => {
    let undone = 0;
    for (; steps.state.undo !== null; undone++) steps.undo(latest);
    return undone;
  };
  fc.assert(
    fc.property(fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), (all) => {
      db.close();
      open();
      run(`INSERT INTO folders (id, name) VALUES (1, '1'), (2, '2')`);
      run(`INSERT INTO chats (id, title, folder_id) VALUES ('1', 'a', 1), ('2', 'b', 2), ('3', 'c', NULL)`);
      run(`INSERT INTO tags VALUES ('1', '1'), ('2', '1')`);
      const before = everything();
      for (const statements of all) {
        try {
          steps.record('Step', () => statements.forEach(([sql, ...values]) => run(sql, ...values)));
        } catch (thrown) {
          // A key that names nothing, or is taken: that step did not happen.
          expect((thrown as { code: string }).code).toMatch(/^SQLITE_CONSTRAINT/);
        }
      }
      const after = everything();
      const undone = undoAll();
      expect(everything()).toEqual(before);
      for (let again = 0; again < undone; again++) steps.redo(latest);
      expect(everything()).toEqual(after);
      expect(undoAll()).toBe(undone);
      expect(everything()).toEqual(before);
    }),
    { numRuns: 80 },
  );
});
