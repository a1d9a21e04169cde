/** Folders, tags, pins, the archive and copies of chats, on a real database. */
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';

let db: Database;
let queries: Queries;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
});
afterEach(() => db.close());

function say(chatId: string, parentId: string | null, role: 'user' | 'assistant', text: string) {
  return queries.addMessage({ chatId, parentId, role, text, model: null });
}
function talk(text: string): string {
  const { id } = queries.createChat();
  say(id, null, 'user', text);
  return id;
}
const find = (chatId: string) => queries.listChats().find(({ id }) => id === chatId);

test('chats move into a folder and out of it, many at once', () => {
  const [first, second] = [talk('one'), talk('two')];
  const folder = queries.createFolder('Work');
  queries.moveChats([first, second], folder.id);
  expect([find(first)?.folderId, find(second)?.folderId]).toEqual([folder.id, folder.id]);
  queries.moveChats([second], null);
  expect(find(second)?.folderId).toBeNull();
  expect(() => queries.moveChats([first], 'no folder')).toThrow(/FOREIGN KEY/);
});

test('the chats of a removed folder stay', () => {
  const [first, second] = [talk('one'), talk('two')];
  const folder = queries.createFolder('Work');
  queries.moveChats([first], folder.id);
  expect(queries.removeFolder(folder.id)).toEqual([first]);
  expect(queries.listFolders()).toEqual([]);
  expect(queries.listChats().map(({ id, folderId }) => [id, folderId])).toEqual([
    [second, null],
    [first, null],
  ]);
});

test('folders keep the order that they are given', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => queries.createFolder(name).id);
  queries.reorderFolders([c!, a!, b!]);
  queries.renameFolder(a!, 'z');
  queries.createFolder('last');
  expect(queries.listFolders().map(({ name }) => name)).toEqual(['c', 'z', 'b', 'last']);
});

test('a chat is where it was put last: pinned, in a folder, or in the archive', () => {
  const chatId = talk('one');
  const folder = queries.createFolder('Work');
  queries.setChatsArchived([chatId], true);
  queries.setChatsPinned([chatId], true);
  expect(find(chatId)).toMatchObject({ pinnedAt: expect.any(Number), archivedAt: null });
  queries.moveChats([chatId], folder.id);
  expect(find(chatId)).toMatchObject({ pinnedAt: null, archivedAt: null, folderId: folder.id });
});

test('pins and the archive change neither the name nor the time of last use', () => {
  const chatId = talk('one');
  const before = find(chatId)!;
  queries.setChatsPinned([chatId], true);
  queries.setChatsArchived([chatId], true);
  expect(find(chatId)).toMatchObject({ pinnedAt: expect.any(Number), archivedAt: expect.any(Number) });
  queries.setChatsPinned([chatId], false);
  queries.setChatsArchived([chatId], false);
  expect(find(chatId)).toEqual(before);
});

test('tags are a set, in order, told alike by the list and by the chat alone', () => {
  const [first, second] = [talk('one'), talk('two')];
  queries.tagChats([first, second], ['wool', 'andes'], []);
  queries.tagChats([first], ['wool'], ['no such tag']);
  queries.tagChats([second], [], ['wool']);
  expect([find(first)?.tags, find(second)?.tags]).toEqual([['andes', 'wool'], ['andes']]);
  expect(queries.openThread(first).chat).toEqual(find(first));
});

test('what is asked of chats that are gone is answered without them', () => {
  const chatId = talk('one');
  queries.removeChats([chatId]);
  expect(queries.findChats([chatId, 'never there'])).toEqual([]);
  queries.undo({ stepId: null, busyChatIds: [] });
  expect(queries.findChats([chatId])).toEqual([find(chatId)]);
});

test('a copy has all versions, tags and marks of the original, and neither changes the other', () => {
  const { id } = queries.createChat();
  const asked = say(id, null, 'user', 'Who spits?');
  const first = say(id, asked.id, 'assistant', 'Llamas.');
  say(id, asked.id, 'assistant', 'Camels.');
  queries.tagChats([id], ['wool'], []);
  queries.selectVersion(first.id);
  queries.setInclusion(asked.id, 'pinned');
  const copy = queries.duplicateChat(id);
  expect(copy).toMatchObject({ title: 'Who spits? (copy)', tags: ['wool'], overflow: 'keep-pinned' });
  const messages = () => queries.openThread(copy.id).messages;
  expect(messages().map(({ text, inclusion }) => [text, inclusion])).toEqual([
    ['Who spits?', 'pinned'],
    ['Llamas.', 'auto'],
  ]);
  const [llamas, camels] = messages()[1]!.versionIds;
  expect(queries.selectVersion(camels!).messages.at(-1)?.text).toBe('Camels.');
  queries.editMessage(llamas!, 'Alpacas.');
  expect(queries.openThread(id).messages.at(-1)?.text).toBe('Llamas.');
});

test('a draft is kept by chat, also that of the chat not made yet, and goes when it is sent', () => {
  const chatId = talk('one');
  queries.saveDraft(chatId, 'and then');
  queries.saveDraft(chatId, 'and then?');
  queries.saveDraft(null, 'Hello');
  queries.saveDraft(null, 'Hello!');
  queries.saveDraft('gone', 'lost');
  expect(queries.listDrafts()).toEqual([
    { chatId, text: 'and then?' },
    { chatId: null, text: 'Hello!' },
  ]);
  queries.saveDraft(chatId, '');
  queries.saveDraft(null, '');
  expect(queries.listDrafts()).toEqual([]);
});

test('an empty chat that the user made something of is not taken for a new one', () => {
  const folder = queries.createFolder('Work');
  const marks: ((chatId: string) => void)[] = [
    (chatId) => queries.saveDraft(chatId, 'half a question'),
    (chatId) => queries.renameChat(chatId, 'Plans'),
    (chatId) => queries.moveChats([chatId], folder.id),
    (chatId) => queries.setChatsPinned([chatId], true),
    (chatId) => queries.tagChats([chatId], ['wool'], []),
  ];
  const ids = marks.map((mark) => {
    const { id } = queries.createChat();
    mark(id);
    return id;
  });
  expect(new Set(ids).size).toBe(marks.length);
});

test('a chat of ten thousand messages in one line is copied', () => {
  const { id } = queries.createChat();
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    INSERT INTO messages (id, chat_id, parent_id, role, text, created_at)
    SELECT printf('m%05d', i), '${id}', iif(i = 1, NULL, printf('m%05d', i - 1)), 'user', i, i FROM n;
    UPDATE chats SET leaf_id = 'm10000';
  `);
  const { messages } = queries.openThread(queries.duplicateChat(id).id);
  expect([messages.length, messages.at(0)?.text, messages.at(-1)?.text]).toEqual([10000, '1', '10000']);
});

test('the list of ten thousand chats is one query, whatever their tags', () => {
  db.exec(`
    INSERT INTO folders VALUES ('f', 'Work', 1);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    INSERT INTO chats (id, title, created_at, updated_at, folder_id) SELECT 'c' || i, 'Chat', i, i, 'f' FROM n;
    INSERT INTO chat_tags SELECT id, 'wool' FROM chats;
  `);
  let statements = 0;
  const prepared = db.prepare('SELECT 1');
  const prototype = Object.getPrototypeOf(prepared) as { all: (...args: unknown[]) => unknown };
  const { all } = prototype;
  prototype.all = function (...args) {
    statements++;
    return all.apply(this, args);
  };
  try {
    const list = queries.listChats();
    expect([list.length, list[0]?.id, list[0]?.tags]).toEqual([10000, 'c10000', ['wool']]);
  } finally {
    prototype.all = all;
  }
  expect(statements).toBe(1);
});
