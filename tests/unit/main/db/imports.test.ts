/** Imported chats on real SQLite: out of sight until all are there, one step to undo, and known when they come again. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { nobody, type ImportedChat, type ImportedMessage } from '../../../../main/exchange/import/neutral.js';
import { emptyLevel } from '../../../../preload/contract/levels.js';

const latest = { stepId: null, busyChatIds: [] };
const origin = { hash: 'abc', format: 'claude' };

const message = (parent: number | null, role: 'user' | 'assistant', text: string): ImportedMessage => ({
  ...{ parent, role, text, inclusion: 'auto', createdAt: 5, editedAt: null, model: null, stats: null },
  ...{ error: null, revisions: [], attachments: [] },
});

const chat: ImportedChat = {
  ...nobody,
  ...{ title: null, titleBy: 'words', createdAt: 5, updatedAt: 9, level: emptyLevel, preset: null },
  ...{
    overflow: 'drop-oldest',
    startReplyWith: '',
    folder: null,
    tags: ['wool'],
    pinnedAt: null,
    archivedAt: null,
  },
  messages: [
    message(null, 'user', 'Llamas?'),
    message(0, 'assistant', 'One.'),
    message(0, 'assistant', 'Two.'),
    message(1, 'user', 'More'),
  ],
  leaf: 3,
  losses: {},
};

let db: Database;
let queries: Queries;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
});
afterEach(() => db.close());

const titles = () => queries.listChats().map(({ title }) => title);
const rows = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

test('a chat is in the list only when it is shown, with its tree, its path and its times', () => {
  const id = queries.importChat(chat, origin);
  expect(titles()).toEqual([]);
  expect(queries.knownImports(['abc'])).toEqual([]);
  queries.showImported([{ chatId: id, folder: 'From Claude' }], 'old');
  const [listed] = queries.listChats();
  expect(listed).toMatchObject({ title: 'Llamas?', createdAt: 5, updatedAt: 9, tags: ['old', 'wool'] });
  expect(queries.listFolders()).toMatchObject([{ id: listed!.folderId, name: 'From Claude' }]);
  const path = queries.openThread(id).messages;
  expect(path.map(({ text }) => text)).toEqual(['Llamas?', 'One.', 'More']);
  // Versions of one time stand in their order.
  expect(path[1]!.versionIds.map((each) => queries.findMessage(each).text)).toEqual(['One.', 'Two.']);
  expect(queries.knownImports(['abc', 'other'])).toEqual(['abc']);
});

test('a whole import is one step, and is not known while it is undone', () => {
  const own = queries.createChat();
  queries.addMessage({ chatId: own.id, parentId: null, role: 'user', text: 'Mine', model: null });
  const ids = [1, 2, 3].map(() => queries.importChat(chat, origin));
  queries.showImported(
    ids.map((chatId) => ({ chatId, folder: 'New' })),
    null,
  );
  expect(queries.undo(latest)).toMatchObject({ label: 'Import chats' });
  expect(titles()).toEqual(['Mine']);
  expect(queries.listFolders()).toEqual([]);
  expect(queries.knownImports(['abc'])).toEqual([]);
  expect(queries.redo(latest).revivedChatIds).toHaveLength(3);
  expect(titles()).toEqual(['Mine', 'Llamas?', 'Llamas?', 'Llamas?']);
});

test('a folder of that name that is there already is used', () => {
  const { id } = queries.createFolder('Work');
  const chatId = queries.importChat(chat, origin);
  queries.showImported([{ chatId, folder: 'Work' }], null);
  expect(queries.listChats()[0]!.folderId).toBe(id);
  expect(queries.listFolders()).toHaveLength(1);
});

test('what is discarded leaves nothing; what is shown can’t be discarded', () => {
  const [first, second] = [queries.importChat(chat, origin), queries.importChat(chat, origin)];
  queries.showImported([{ chatId: second, folder: null }], null);
  queries.discardImported([first, second]);
  expect(titles()).toEqual(['Llamas?']);
  expect(rows('messages')).toBe(4);
  expect(rows('imported_chats')).toBe(1);
});

describe('a preset that comes along', () => {
  const preset = { id: 'preset-0123456789', name: 'Mine', values: { temperature: 0.5 }, origin: '' };
  const withPreset = { ...chat, preset, level: { ...emptyLevel, presetId: preset.id } };

  test('is added once, and never in place of another of its name', () => {
    queries.createPreset({ name: 'mine', values: {}, origin: '' });
    queries.importChat(withPreset, origin);
    queries.importChat(withPreset, origin);
    expect(queries.listPresets().map(({ name, values }) => [name, values])).toEqual([
      ['mine', {}],
      ['Mine (456789)', { temperature: 0.5 }],
    ]);
  });
});

test('a chat that can’t be saved leaves nothing of itself', () => {
  const broken = {
    ...chat,
    messages: [...chat.messages, { ...chat.messages[0]!, role: 'narrator' as 'user' }],
  };
  expect(() => queries.importChat(broken, origin)).toThrow();
  expect(rows('chats')).toBe(0);
  expect(rows('messages')).toBe(0);
});
