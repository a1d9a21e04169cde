/** Files of drafts in the database. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import type { AttachmentWithText } from '../../../../preload/contract/attachments.js';

let db: Database;
let queries: Queries;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
});
afterEach(() => db.close());

const details = { encoding: null, pages: 3, emptyPages: 1, rows: null, columns: null, delimiter: null };
const file = (id: string): AttachmentWithText => ({
  ...{ id, name: `${id}.pdf`, kind: 'pdf', sizeBytes: 9, characters: 13, text: 'one\ftwo\fthree' },
  ...{ details, part: { kind: 'all' } },
});
const kept = () => queries.listDraftFiles().map(({ chatId, file: { id } }) => [chatId, id]);

test('they are kept in their order, with their texts, until they are not among those that are saved', () => {
  const { id: chatId } = queries.createChat();
  queries.saveDraftFiles(chatId, [file('b'), file('a')]);
  queries.saveDraftFiles(null, [file('c')]);
  expect(kept()).toEqual([
    [null, 'c'],
    [chatId, 'b'],
    [chatId, 'a'],
  ]);
  expect(queries.listDraftFiles()[1]!.file).toEqual(file('b'));
  queries.saveDraftFiles(chatId, [{ ...file('a'), part: { kind: 'start', characters: 2 } }]);
  expect(queries.listDraftFiles()[1]!.file.part).toEqual({ kind: 'start', characters: 2 });
});

test('those of the new chat go along when it is made; a chat that has some is not taken for a blank one', () => {
  queries.saveDraftFiles(null, [file('a')]);
  const { id: chatId } = queries.createChat();
  queries.saveDraftFiles(chatId, [file('a')]);
  queries.saveDraftFiles(null, []);
  expect(kept()).toEqual([[chatId, 'a']]);
  expect(queries.createChat().id).not.toBe(chatId);
});

test('for a chat that is gone nothing is kept', () => {
  queries.saveDraftFiles('gone', [file('a')]);
  expect(kept()).toEqual([]);
});
