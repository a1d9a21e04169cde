import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { latestVersion, migrate } from '../../../../main/db/migrate.js';
import { init } from '../../../../main/db/migrations/0010-init.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { titleFrom } from '../../../../main/db/title.js';
import { AppError } from '../../../../preload/contract/errors.js';
import { emptyLevel } from '../../../../preload/contract/levels.js';

let db: Database;
let queries: Queries;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
});
afterEach(() => db.close());

function talk() {
  const { id: chatId } = queries.createChat();
  const asked = queries.addMessage({
    chatId,
    parentId: null,
    role: 'user',
    text: 'Why is the sky blue?',
    model: null,
  });
  const reply = queries.addMessage({
    chatId,
    parentId: asked.id,
    role: 'assistant',
    text: 'Because.',
    model: 'm',
  });
  return { chatId, asked, reply };
}
const texts = (chatId: string) => queries.openThread(chatId).messages.map(({ text }) => text);

describe('the message tree', () => {
  test('the first words name the chat, a name given stays', () => {
    const { chatId, reply } = talk();
    expect(queries.openThread(chatId).chat.title).toBe('Why is the sky blue?');
    queries.renameChat(chatId, 'Sky');
    queries.addMessage({ chatId, parentId: reply.id, role: 'user', text: 'And red?', model: null });
    expect(queries.openThread(chatId).chat.title).toBe('Sky');
  });

  test('a new version stands beside the old one; both can be chosen, with what follows', () => {
    const { chatId, asked, reply } = talk();
    const more = queries.addMessage({
      chatId,
      parentId: reply.id,
      role: 'user',
      text: 'Really?',
      model: null,
    });
    const other = queries.addMessage({
      chatId,
      parentId: asked.id,
      role: 'assistant',
      text: 'Scattering.',
      model: 'm',
    });
    expect(texts(chatId)).toEqual(['Why is the sky blue?', 'Scattering.']);
    expect(queries.openThread(chatId).messages.at(-1)?.versionIds).toEqual([reply.id, other.id]);
    queries.selectVersion(reply.id);
    expect(texts(chatId)).toEqual(['Why is the sky blue?', 'Because.', more.text]);
  });

  test('an edit keeps the text before, and undoing it brings it back', () => {
    const { chatId, asked } = talk();
    queries.editMessage(asked.id, 'Why is grass green?');
    queries.editMessage(asked.id, 'Why is snow white?');
    expect(texts(chatId)[0]).toBe('Why is snow white?');
    queries.undo(latest);
    queries.undo(latest);
    expect(texts(chatId)).toEqual(['Why is the sky blue?', 'Because.']);
    expect(queries.undo(latest).label).toBe('Add message');
  });

  test('one damaged record does not hide the rest', () => {
    const { chatId, reply } = talk();
    db.prepare('UPDATE messages SET stats = ? WHERE id = ?').run('{ broken', reply.id);
    expect(texts(chatId)).toEqual(['Why is the sky blue?', 'Because.']);
  });
});

const latest = { stepId: null, busyChatIds: [] };

describe('chats', () => {
  test('newest first; a deleted one comes back whole', () => {
    const { chatId } = talk();
    const later = queries.createChat();
    expect(queries.listChats().map(({ id }) => id)).toEqual([later.id, chatId]);
    queries.removeChats([chatId]);
    expect(queries.listChats().map(({ id }) => id)).toEqual([later.id]);
    expect(() => queries.openThread(chatId)).toThrow('This chat no longer exists.');
    expect(queries.undo(latest)).toEqual({
      ...{ label: 'Delete chats', chatIds: [chatId], revivedChatIds: [chatId] },
    });
    expect(texts(chatId)).toHaveLength(2);
  });

  test('an empty chat is taken again instead of piling up', () => {
    expect(queries.createChat().id).toBe(queries.createChat().id);
  });
});

describe('the context budget', () => {
  test('options of a chat are kept one by one; a new chat starts without any', () => {
    const { chatId } = talk();
    expect(queries.openThread(chatId).chat).toMatchObject({ overflow: 'drop-oldest', startReplyWith: '' });
    queries.setChatOptions(chatId, { overflow: 'stop' });
    queries.setChatOptions(chatId, { startReplyWith: 'Well, ' });
    expect(queries.openThread(chatId).chat).toMatchObject({ overflow: 'stop', startReplyWith: 'Well, ' });
    const { id } = queries.createChat();
    queries.setChatOptions(id, { startReplyWith: 'Sure' });
    expect(queries.createChat()).toMatchObject({ id, startReplyWith: '' });
  });

  test('what a chat has of its own is kept with it; an empty chat that has something is not taken for another', () => {
    const { chatId } = talk();
    expect(queries.openThread(chatId).chat.level).toEqual(emptyLevel);
    const level = { ...emptyLevel, presetId: 'shipped:Yara', sampling: { top_k: 7 } };
    const { id } = queries.createChat();
    queries.setChatOptions(id, { level });
    queries.setChatOptions(id, { startReplyWith: 'Well' });
    expect(queries.createChat()).not.toMatchObject({ id });
    expect(queries.openThread(id).chat.level).toEqual(level);
    expect(queries.openThread(chatId).chat.level).toEqual(emptyLevel);
    db.prepare('UPDATE chats SET level = ? WHERE id = ?').run('{ broken', id);
    expect(queries.openThread(id).chat).toMatchObject({ startReplyWith: 'Well', level: emptyLevel });
  });

  test('a pin makes the chat keep pinned messages, but does not undo a choice to stop', () => {
    const { chatId, asked } = talk();
    const pinned = queries.setInclusion(asked.id, 'pinned');
    expect(pinned.chat.overflow).toBe('keep-pinned');
    expect(pinned.messages.map(({ inclusion }) => inclusion)).toEqual(['pinned']);
    expect(queries.setInclusion(asked.id, 'auto').chat.overflow).toBe('keep-pinned');
    queries.setChatOptions(chatId, { overflow: 'stop' });
    expect(queries.setInclusion(asked.id, 'pinned').chat.overflow).toBe('stop');
  });
});

describe('the file', () => {
  test('one of version 10 keeps its chats and messages, and gets the defaults of what is new', () => {
    const old = new Sqlite(':memory:');
    old.exec(init);
    old.pragma('user_version = 10');
    old.exec(`
      INSERT INTO chats (id, title, created_at, updated_at) VALUES ('c', 'Llamas', 1, 2);
      INSERT INTO messages (id, chat_id, role, text, created_at) VALUES ('q', 'c', 'user', 'Who spits?', 1);
      INSERT INTO messages (id, chat_id, parent_id, role, text, created_at, model)
        VALUES ('a', 'c', 'q', 'assistant', 'Llamas do.', 2, 'm');
      UPDATE chats SET leaf_id = 'a';
    `);
    migrate(old);
    expect(old.pragma('user_version', { simple: true })).toBe(latestVersion);
    const { chat, messages } = makeQueries(old).openThread('c');
    expect(chat).toMatchObject({ title: 'Llamas', overflow: 'drop-oldest', startReplyWith: '' });
    expect(messages.map(({ text, inclusion }) => [text, inclusion])).toEqual([
      ['Who spits?', 'auto'],
      ['Llamas do.', 'auto'],
    ]);
    expect(() => old.exec(`UPDATE messages SET inclusion = 'sometimes'`)).toThrow(/CHECK/);
    old.close();
  });

  test('a newer version is refused and left as it is', () => {
    db.pragma(`user_version = ${latestVersion + 1}`);
    expect(() => migrate(db)).toThrow(/newer version of Altiplano/);
    expect(db.pragma('user_version', { simple: true })).toBe(latestVersion + 1);
  });

  test('a file that is no database is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'db-'));
    const path = join(folder, 'altiplano.db');
    writeFileSync(path, 'no database at all '.repeat(500));
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'database-damaged' }) as Error);
    rmSync(folder, { recursive: true });
  });

  test('a full disk is said to be one, and what was saved stays', () => {
    const { chatId, asked } = talk();
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages}`);
    const error = (() => {
      try {
        queries.editMessage(asked.id, 'x'.repeat(1_000_000));
        return null;
      } catch (thrown) {
        return AppError.from(thrown);
      }
    })();
    expect(error?.code).toBe('disk-full');
    expect(texts(chatId)).toEqual(['Why is the sky blue?', 'Because.']);
  });

  test('reading a path uses the indexes', () => {
    const plan = db
      .prepare(
        'EXPLAIN QUERY PLAN SELECT id FROM messages WHERE chat_id = ? AND parent_id IS ? ORDER BY created_at',
      )
      .all('c', 'p') as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).toContain('messages_by_parent');
  });
});

test.each([
  ['Hello', 'Hello'],
  ['\n\n  Two   words \nmore', 'Two words'],
  ['   ', 'New chat'],
  ['word '.repeat(40), `${'word '.repeat(11)}word…`],
])('the title of %j', (text, title) => {
  expect(titleFrom(text)).toBe(title);
});
