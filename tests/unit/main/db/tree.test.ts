/** The shape of a chat's tree, and the trash, as main asks for them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from 'better-sqlite3';
import { removeOldTrash } from '../../../../main/db/old-trash.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { makeSearchIndex } from '../../../../main/db/search-index.js';
import { makeFinder } from '../../../../main/search/find.js';

let db: Database;
let queries: Queries;
let chatId: string;

beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
  chatId = queries.createChat().id;
});
afterEach(() => db.close());

const latest = { stepId: null, busyChatIds: [] };
const path = () => queries.openThread(chatId).messages.map(({ text }) => text);
const versions = () => queries.openThread(chatId).messages.map(({ versionIds }) => versionIds.length);

/** Adds a message under another one; questions and replies take turns. */
function add(text: string, parentId: string | null): string {
  const role = text.startsWith('q') ? 'user' : 'assistant';
  return queries.addMessage({ chatId, parentId, role, text, model: null }).id;
}

/** q1 – a1 – q2 – a2, and another first reply b1 – q3. */
function tree() {
  const q1 = add('q1', null);
  const b1 = add('b1', q1);
  const q3 = add('q3', b1);
  const a1 = add('a1', q1);
  const q2 = add('q2', a1);
  const a2 = add('a2', q2);
  return { q1, b1, q3, a1, q2, a2 };
}

describe('delete', () => {
  test('takes all that follows, and the path ends before it', () => {
    const { q2 } = tree();
    expect(queries.removeMessage(q2, false)).toMatchObject({ count: 2, thread: { isEnd: true } });
    expect(path()).toEqual(['q1', 'a1']);
    expect(() => queries.findMessage(q2)).toThrow('This message no longer exists.');
    queries.undo(latest);
    expect(path()).toEqual(['q1', 'a1', 'q2', 'a2']);
    queries.redo(latest);
    expect(path()).toEqual(['q1', 'a1']);
  });

  test('of a version shows the one beside it with what follows that', () => {
    const { a1 } = tree();
    expect(queries.removeMessage(a1, false).count).toBe(3);
    expect(path()).toEqual(['q1', 'b1', 'q3']);
    expect(versions()).toEqual([1, 1, 1]);
  });

  test('of a branch that is not shown leaves the path', () => {
    const { b1 } = tree();
    const { thread, count } = queries.removeMessage(b1, false);
    expect(count).toBe(2);
    expect(thread.messages.map(({ text }) => text)).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(versions()).toEqual([1, 1, 1, 1]);
  });

  test('alone lets what followed follow what was before', () => {
    const { q1, a1 } = tree();
    queries.removeMessage(a1, true);
    expect(path()).toEqual(['q1', 'q2', 'a2']);
    queries.removeMessage(q1, true);
    expect(path()).toEqual(['q2', 'a2']);
    queries.undo(latest);
    queries.undo(latest);
    expect(path()).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  test('of everything leaves an empty chat', () => {
    const { q1 } = tree();
    expect(queries.removeMessage(q1, false).thread).toMatchObject({ messages: [], after: null, isEnd: true });
    expect(path()).toEqual([]);
  });

  test('is not found by a search, not copied, and not a version any more', () => {
    const { b1 } = tree();
    const index = makeSearchIndex(db);
    while (index.step());
    const finder = makeFinder(db);
    const hits = () => finder.find({ query: 'q3', from: null }).chats.length;
    expect(hits()).toBe(1);
    queries.removeMessage(b1, false);
    expect(hits()).toBe(0);
    const copy = queries.duplicateChat(chatId).id;
    expect(queries.openThread(copy).messages[1]?.versionIds).toHaveLength(1);
  });
});

test('prune leaves the path that is shown', () => {
  const { q1, b1 } = tree();
  add('q4', null);
  queries.selectVersion(q1);
  queries.selectVersion(b1);
  expect(queries.prune(chatId).count).toBe(4);
  expect(path()).toEqual(['q1', 'b1', 'q3']);
  expect(versions()).toEqual([1, 1, 1]);
  queries.undo(latest);
  expect(versions()).toEqual([2, 2, 1]);
});

test('the conversation goes on from any message, and what followed is a version', () => {
  const { a1 } = tree();
  expect(queries.endWith(a1)).toMatchObject({ isEnd: true });
  expect(path()).toEqual(['q1', 'a1']);
  add('q5', a1);
  expect(versions()).toEqual([1, 2, 2]);
});

test('a branch becomes a chat of its own, and is taken back', () => {
  const { a1 } = tree();
  const branch = queries.branchChat(a1);
  expect(branch.title).toBe('q1 (branch)');
  expect(queries.openThread(branch.id).messages.map(({ text }) => text)).toEqual(['q1', 'a1']);
  expect(queries.openThread(branch.id).messages[1]?.versionIds).toHaveLength(1);
  queries.undo(latest);
  expect(queries.findChats([branch.id])).toEqual([]);
});

test('a question and its reply are one step; the name of the chat stays', () => {
  const question = { chatId, parentId: null, role: 'user', text: 'q1', model: null } as const;
  const reply = { chatId, parentId: null, role: 'assistant', text: '', model: 'm' } as const;
  const { id: messageId } = queries.startReply({ chatId, label: 'Send message', question, reply });
  queries.saveReply({ messageId, text: 'written since', stats: null, error: null });
  queries.setFoundTitle(chatId, 'About q1');
  queries.undo(latest);
  expect(path()).toEqual([]);
  queries.redo(latest);
  expect(path()).toEqual(['q1', 'written since']);
  expect(queries.openThread(chatId).chat.title).toBe('About q1');
});

test('earlier texts of a message, the last one first', () => {
  const { q1 } = tree();
  queries.editMessage(q1, 'q1, better');
  queries.editMessage(q1, 'q1, best');
  expect(queries.revisions(q1).map(({ text }) => text)).toEqual(['q1, better', 'q1']);
});

describe('trash', () => {
  const items = () =>
    queries.listTrash().map(({ kind, words, title, count }) => [kind, words || title, count] as const);
  const age = (days: number) =>
    db.exec(`UPDATE messages SET deleted_at = deleted_at - ${days * 86_400_000};
      UPDATE chats SET deleted_at = deleted_at - ${days * 86_400_000}`);

  test('what was removed together is one item, and comes back together', () => {
    const { q2, b1 } = tree();
    queries.removeMessage(q2, false);
    age(1);
    queries.removeMessage(b1, false);
    expect(items()).toEqual([
      ['message', 'b1', 2],
      ['message', 'q2', 2],
    ]);
    expect(queries.restoreFromTrash({ chatIds: [], messageIds: [q2] })).toEqual([chatId]);
    queries.selectVersion(q2);
    expect(path()).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(items()).toEqual([['message', 'b1', 2]]);
  });

  test('what lies below something else that was removed brings its way back along', () => {
    const { a2, q1 } = tree();
    queries.removeMessage(a2, false);
    age(1);
    queries.removeMessage(q1, false);
    queries.restoreFromTrash({ chatIds: [], messageIds: [a2] });
    queries.selectVersion(a2);
    expect(path()).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(versions()).toEqual([1, 1, 1, 1]);
  });

  test('chats come back whole; what is in a chat of the trash is no item of its own', () => {
    const { q2 } = tree();
    queries.removeMessage(q2, false);
    queries.removeChats([chatId]);
    expect(items()).toEqual([['chat', 'q1', 6]]);
    expect(queries.restoreFromTrash({ chatIds: [chatId], messageIds: [] })).toEqual([chatId]);
    expect(path()).toEqual(['q1', 'a1']);
  });

  test('a copy that was undone comes back with its messages', () => {
    tree();
    const copy = queries.duplicateChat(chatId).id;
    queries.undo(latest);
    queries.restoreFromTrash({ chatIds: [copy], messageIds: [] });
    expect(queries.openThread(copy).messages).toHaveLength(4);
  });

  test('deleting for good takes only what lies there, and undo says that it can’t bring it back', () => {
    const { q2, a1 } = tree();
    queries.removeMessage(q2, false);
    queries.removeForGood({ chatIds: [chatId], messageIds: [q2, a1] });
    expect(items()).toEqual([]);
    expect(path()).toEqual(['q1', 'a1']);
    expect(() => queries.undo(latest)).toThrow('can’t be undone any more');
  });

  test('after thirty days it is gone, and nothing else is', async () => {
    const { q2, b1 } = tree();
    queries.removeMessage(q2, false);
    const other = queries.createChat().id;
    queries.addMessage({ chatId: other, parentId: null, role: 'user', text: 'old', model: null });
    queries.removeChats([other]);
    age(31);
    queries.removeMessage(b1, false);
    await removeOldTrash({ removeOldTrash: async (beforeMs) => queries.removeOldTrash(beforeMs) });
    expect(items()).toEqual([['message', 'b1', 2]]);
    expect(path()).toEqual(['q1', 'a1']);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.prepare('SELECT count(*) FROM messages').pluck().get()).toBe(4);
  });
});
