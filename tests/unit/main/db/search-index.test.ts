/** The search's index against what it should hold, after every kind of change. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { isIndexDamage, makeSearchIndex } from '../../../../main/db/search-index.js';
import { indexedText } from '../../../../main/search/words.js';
import { replyStatsSchema, type ReplyStats } from '../../../../preload/contract/chats.js';

let db: Database;
let queries: Queries;
let index: ReturnType<typeof makeSearchIndex>;

function open(path: string): void {
  db = openDatabase(path);
  queries = makeQueries(db);
  index = makeSearchIndex(db);
}
beforeEach(() => open(':memory:'));
afterEach(() => db.close());

/** @returns how many steps it took */
function indexAll(): number {
  let steps = 0;
  while (index.step()) steps++;
  return steps;
}

const words = (table: string): unknown[] => {
  db.exec(
    `DROP TABLE IF EXISTS temp.held; CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', '${table}', 'instance')`,
  );
  return db.prepare('SELECT doc, term, offset FROM held ORDER BY doc, offset').all();
};

/** The index holds each message and title as it is now, and nothing else. */
function expectWhole(): void {
  db.exec(`INSERT INTO search_index (search_index) VALUES ('integrity-check')`);
  expect(db.prepare('SELECT count(*) FROM search_queue').pluck().get()).toBe(0);
  db.exec(`CREATE VIRTUAL TABLE fresh USING fts5(text, tokenize='unicode61 remove_diacritics 2')`);
  const insert = db.prepare('INSERT INTO fresh (rowid, text) VALUES (?, ?)');
  const rows = db
    .prepare<[], { doc: number; text: string }>(
      'SELECT rowid AS doc, text FROM messages UNION ALL SELECT -rowid, title FROM chats',
    )
    .all();
  for (const { doc, text } of rows) insert.run(doc, indexedText(text));
  expect(words('search_index')).toEqual(words('fresh'));
  db.exec('DROP TABLE temp.held; DROP TABLE fresh');
}

const stats = (stopReason: ReplyStats['stopReason']): ReplyStats =>
  replyStatsSchema.parse({
    ...{ stopReason, promptTokens: 1, reusedTokens: 0, tokens: 1, tokensPerSecond: 1, timeToFirstTokenMs: 1 },
    ...{ contextUsed: 1, contextSize: 1, omittedMessages: 0, seed: 1, template: 't' },
  });

function talk() {
  const { id: chatId } = queries.createChat();
  const asked = queries.addMessage({
    chatId,
    parentId: null,
    role: 'user',
    text: '羊驼 spit 🦙',
    model: null,
  });
  const reply = queries.addMessage({ chatId, parentId: asked.id, role: 'assistant', text: '', model: 'm' });
  return { chatId, asked, reply };
}
const save = (
  messageId: string,
  text: string,
  stopReason: ReplyStats['stopReason'],
  error: string | null = null,
) => queries.saveReply({ messageId, text, stats: stats(stopReason), error });

describe('after', () => {
  test('adding, editing, undoing, renaming, hiding and deleting for good', () => {
    const { chatId, asked, reply } = talk();
    save(reply.id, 'They do.', 'end');
    indexAll();
    expectWhole();
    queries.editMessage(asked.id, 'Do alpacas spit?');
    queries.renameChat(chatId, 'Spitting');
    indexAll();
    expectWhole();
    queries.undo({ stepId: null, busyChatIds: [] });
    const other = talk();
    queries.removeChats([other.chatId]);
    indexAll();
    expectWhole();
    db.prepare('UPDATE chats SET leaf_id = NULL').run();
    db.prepare('DELETE FROM messages WHERE id = ?').run(reply.id);
    db.prepare('DELETE FROM chats WHERE id = ?').run(other.chatId);
    indexAll();
    expectWhole();
  });

  test('a message in the place of one that was deleted for good', () => {
    const { reply } = talk();
    save(reply.id, 'the old text', 'end');
    indexAll();
    db.prepare('UPDATE chats SET leaf_id = NULL').run();
    db.prepare('DELETE FROM messages WHERE id = ?').run(reply.id);
    talk();
    indexAll();
    expectWhole();
  });

  test('damage to the index', () => {
    talk();
    indexAll();
    db.unsafeMode(true).exec('DELETE FROM search_index_data WHERE id > 10');
    db.unsafeMode(false);
    let error: unknown;
    try {
      db.exec(`INSERT INTO search_index (search_index) VALUES ('integrity-check')`);
    } catch (thrown) {
      error = thrown;
    }
    expect(isIndexDamage(error)).toBe(true);
    queries.startSearchIndexAgain();
    indexAll();
    expectWhole();
  });
});

describe('a reply that is being written', () => {
  test('costs the index nothing until it is done', () => {
    const { reply } = talk();
    indexAll();
    const before = words('search_index').length;
    for (let second = 1; second <= 20; second++) {
      save(reply.id, 'word '.repeat(100 * second), 'partial');
      expect(index.step()).toBe(false);
    }
    expect(words('search_index').length).toBe(before);
    save(reply.id, 'word '.repeat(2000), 'end');
    indexAll();
    expectWhole();
  });

  test('is indexed when it fails, and when it is edited', () => {
    const { reply } = talk();
    save(reply.id, 'as far as it', 'partial');
    save(reply.id, 'as far as it came', 'partial', 'The engine stopped.');
    indexAll();
    expectWhole();
    queries.editMessage(reply.id, 'another text');
    indexAll();
    expectWhole();
  });

  test('is indexed at the next start when the app was ended in the middle of it', () => {
    const { reply } = talk();
    save(reply.id, 'as far as it came', 'partial');
    indexAll();
    index = makeSearchIndex(db);
    index.takeInterrupted();
    indexAll();
    expectWhole();
  });

  test('with statistics that can’t be read is indexed all the same', () => {
    const { reply } = talk();
    db.prepare(`UPDATE messages SET text = 'some text', stats = '{ broken' WHERE id = ?`).run(reply.id);
    indexAll();
    expectWhole();
  });
});

test('goes on where it was when the app was killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'search-'));
  db.close();
  open(join(folder, 'altiplano.db'));
  for (let n = 0; n < 100; n++) {
    const { id } = queries.createChat();
    queries.addMessage({ chatId: id, parentId: null, role: 'user', text: `llama ${n}`, model: null });
  }
  index.step();
  index.step();
  const left = db.prepare('SELECT count(*) FROM search_queue').pluck();
  const before = left.get();
  expect(before).toBe(200 - 2 * 64);
  db.close();
  open(join(folder, 'altiplano.db'));
  expect(db.prepare('SELECT count(*) FROM search_queue').pluck().get()).toBe(before);
  indexAll();
  expectWhole();
  db.close();
  rmSync(folder, { recursive: true });
  open(':memory:');
});

test('long messages are indexed one by one, so that nothing waits long', () => {
  for (let n = 0; n < 3; n++) {
    const { id } = queries.createChat();
    queries.addMessage({
      chatId: id,
      parentId: null,
      role: 'user',
      text: 'llama '.repeat(40_000),
      model: null,
    });
  }
  expect(indexAll()).toBeGreaterThanOrEqual(3);
  expectWhole();
});

test('the rowids on which the index stands survive VACUUM', () => {
  for (let n = 0; n < 3; n++) talk();
  db.exec(`UPDATE chats SET leaf_id = NULL; DELETE FROM messages WHERE rowid IN (1, 4)`);
  indexAll();
  db.exec('VACUUM');
  expectWhole();
});
