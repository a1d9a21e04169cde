import Sqlite, { type Database } from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../../main/db/migrate.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';

let db: Database;
let queries: Queries;
let statements: string[] = [];
beforeEach(() => {
  db = new Sqlite(':memory:', { verbose: (sql) => statements.push(String(sql)) });
  migrate(db);
  queries = makeQueries(db);
});

/** A chat of so many messages; the ids, oldest first. */
function talk(length: number): { chatId: string; ids: string[] } {
  const { id: chatId } = queries.createChat();
  const ids: string[] = [];
  for (let index = 0; index < length; index++) {
    const role = index % 2 === 0 ? 'user' : 'assistant';
    const parentId = ids.at(-1) ?? null;
    ids.push(queries.addMessage({ chatId, parentId, role, text: `message ${index}`, model: null }).id);
  }
  return { chatId, ids };
}
const idsOf = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);

test('a path, its end, a stretch of it: each with the message before it', () => {
  const { chatId, ids } = talk(9);
  expect(queries.openThread(chatId)).toMatchObject({ after: null, isEnd: true });
  expect(idsOf(queries.openThread(chatId).messages)).toEqual(ids);
  const end = queries.openThread(chatId, 3);
  expect(end).toMatchObject({ after: ids[5], isEnd: true });
  expect(idsOf(end.messages)).toEqual(ids.slice(6));
  expect(idsOf(queries.messagesUpTo(chatId, ids[5]!, 4))).toEqual(ids.slice(2, 6));
  expect(idsOf(queries.messagesUpTo(chatId, ids[1]!, 4))).toEqual(ids.slice(0, 2));
  expect(idsOf(queries.threadFrom(chatId, ids[7]!).messages)).toEqual(ids.slice(7));
  expect(queries.openThread(queries.createChat().id)).toMatchObject({ after: null, messages: [] });
});

test('what changes one message tells of that one alone, a choice of version of all that follows', () => {
  const { chatId, ids } = talk(6);
  const edited = queries.editMessage(ids[2]!, 'another text');
  expect(edited).toMatchObject({ after: ids[1], isEnd: false });
  expect(idsOf(edited.messages)).toEqual([ids[2]]);
  const other = queries.addMessage({ chatId, parentId: ids[0]!, role: 'assistant', text: 'x', model: null });
  expect(idsOf(queries.openThread(chatId).messages)).toEqual([ids[0], other.id]);
  const chosen = queries.selectVersion(ids[1]!);
  expect(chosen).toMatchObject({ after: ids[0], isEnd: true });
  expect(idsOf(chosen.messages)).toEqual(ids.slice(1));
  expect(chosen.messages[0]?.versionIds).toEqual([ids[1], other.id]);
});

test('a message that is not on the path: all of the path is told', () => {
  const { chatId, ids } = talk(4);
  const other = queries.addMessage({ chatId, parentId: ids[0]!, role: 'assistant', text: 'x', model: null });
  expect(idsOf(queries.threadFrom(chatId, ids[3]!).messages)).toEqual([ids[0], other.id]);
});

test('the number of queries does not grow with the path', () => {
  const count = (chatId: string) => {
    statements = [];
    queries.openThread(chatId);
    return statements.length;
  };
  expect(count(talk(200).chatId)).toBe(count(talk(2).chatId));
});
