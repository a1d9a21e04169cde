/** Records that no version of the app would write: what can be shown of them is shown, and they can be mended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { damagedRecords, mend, pageProblems, sum } from '../../../../main/db/integrity.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { meddle, writeChats, type WrittenChat } from '../../../fixtures/chat-database.js';

let home: string;
let path: string;
let chat: WrittenChat;
let other: WrittenChat;
let db: Database;
let queries: Queries;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'integrity-'));
  path = join(home, 'altiplano.db');
  [chat, other] = writeChats(path, 2, 4) as [WrittenChat, WrittenChat];
});
afterEach(() => {
  db.close();
  rmSync(home, { recursive: true });
});

function openAfter(sql: string): void {
  meddle(path, sql);
  db = openDatabase(path);
  queries = makeQueries(db);
}
const texts = (chatId = chat.chatId) => queries.openThread(chatId).messages.map(({ text }) => text);
const ids = (chatId = chat.chatId) => queries.openThread(chatId).messages.map(({ id }) => id);
const none = { lost: 0, circular: 0, strangers: 0, unreadable: 0, endless: 0 };

test('a sound database has nothing to mend', () => {
  openAfter('');
  expect(damagedRecords(db)).toEqual(none);
  expect(mend(db)).toEqual(none);
});

describe('shown as far as possible, counted, and mended', () => {
  test('measurements that are no JSON, and ones of other kinds: the text is there', () => {
    const [first, second] = chat.messageIds;
    openAfter(`UPDATE messages SET stats = '{"tokens": ' WHERE id = '${first}';
      UPDATE messages SET stats = '[1, "two"]' WHERE id = '${second}';`);
    expect(texts()).toHaveLength(4);
    expect(damagedRecords(db)).toEqual({ ...none, unreadable: 2 });
    mend(db);
    expect(damagedRecords(db)).toEqual(none);
  });

  test('strings that are foreign to every screen', () => {
    const strange = 'a\u0000b \ud800 \u202e <script>x</script> \uffff'.replaceAll("'", '');
    openAfter('');
    queries.renameChat(chat.chatId, strange);
    queries.editMessage(chat.messageIds[0]!, strange.repeat(1000));
    expect(queries.listChats()).toHaveLength(2);
    expect(texts()[0]).toHaveLength(strange.length * 1000);
    expect(sum(damagedRecords(db))).toBe(0);
  });

  test('a message whose question is gone: what follows it is shown; mended, the rest is a version beside it', () => {
    const [, gone] = chat.messageIds;
    openAfter(`DELETE FROM messages WHERE id = '${gone}'`);
    const { after, messages } = queries.openThread(chat.chatId);
    expect(after).toBeNull();
    expect(messages.map(({ id }) => id)).toEqual(chat.messageIds.slice(2));
    expect(queries.openThread(chat.chatId, 1).messages[0]?.parentId).toBe(chat.messageIds[2]);
    expect(damagedRecords(db)).toEqual({ ...none, lost: 1 });
    mend(db);
    expect(queries.openThread(chat.chatId).messages[0]?.versionIds).toEqual([
      chat.messageIds[0],
      chat.messageIds[2],
    ]);
    expect(damagedRecords(db)).toEqual(none);
  });

  test('a message whose question is in another chat', () => {
    openAfter(`UPDATE messages SET parent_id = '${other.messageIds[0]}' WHERE id = '${chat.messageIds[2]}'`);
    expect(ids()).toEqual(chat.messageIds.slice(2));
    expect(damagedRecords(db)).toEqual({ ...none, lost: 1 });
    mend(db);
    expect(ids(other.chatId)).toEqual(other.messageIds);
  });

  test('messages whose chat is gone come back in a chat of their own', () => {
    openAfter(`DELETE FROM chats WHERE id = '${chat.chatId}'`);
    expect(queries.listChats().map(({ id }) => id)).toEqual([other.chatId]);
    expect(damagedRecords(db)).toEqual({ ...none, lost: 4 });
    mend(db);
    expect(queries.listChats().map(({ title }) => title)).toContain('Rescued chat');
    expect(ids()).toEqual(chat.messageIds);
  });

  test('a circle ends where it began, and can be gone on with', () => {
    openAfter(`UPDATE messages SET parent_id = '${chat.messageIds[3]}' WHERE id = '${chat.messageIds[0]}'`);
    expect(ids()).toEqual(chat.messageIds);
    expect(queries.openThread(chat.chatId).after).toBeNull();
    expect(queries.messagesUpTo(chat.chatId, chat.messageIds[1]!, 100)).toHaveLength(4);
    expect(damagedRecords(db)).toEqual({ ...none, circular: 1 });
    const parentId = chat.messageIds[3]!;
    queries.addMessage({ chatId: chat.chatId, parentId, role: 'user', text: 'And on.', model: null });
    mend(db);
    expect(damagedRecords(db)).toEqual(none);
    expect(texts()).toHaveLength(5);
  });

  test('a message that is its own question', () => {
    const [first] = chat.messageIds;
    openAfter(`UPDATE messages SET parent_id = id WHERE id = '${first}'`);
    expect(ids()).toEqual(chat.messageIds);
    expect(mend(db)).toEqual({ ...none, circular: 1 });
    expect(ids()).toEqual(chat.messageIds);
  });

  test('a role that nobody has', () => {
    openAfter(`UPDATE messages SET role = 'oracle' WHERE id = '${chat.messageIds[1]}'`);
    expect(queries.openThread(chat.chatId).messages.map(({ role }) => role)).toEqual([
      ...['user', 'assistant', 'user', 'assistant'],
    ]);
    // The file around it is sound: snapshots of it are made.
    expect(pageProblems(db)).toEqual([]);
    expect(mend(db)).toEqual({ ...none, strangers: 1 });
    expect(damagedRecords(db)).toEqual(none);
  });

  test('a chat whose last message is gone opens, and mended shows its newest', () => {
    openAfter(`DELETE FROM messages WHERE id = '${chat.messageIds[3]}'`);
    expect(texts()).toEqual([]);
    expect(mend(db)).toEqual({ ...none, endless: 1 });
    expect(ids()).toEqual(chat.messageIds.slice(0, 3));
  });
});

test('a deep and broad database is looked through in one go', () => {
  meddle(path, 'DELETE FROM messages; DELETE FROM chats;');
  const [long] = writeChats(path, 1, 5000);
  openAfter('');
  expect(damagedRecords(db)).toEqual(none);
  meddle(path, `UPDATE messages SET parent_id = '${long!.messageIds[4000]}' WHERE parent_id IS NULL`);
  expect(damagedRecords(db)).toEqual({ ...none, circular: 1 });
});
