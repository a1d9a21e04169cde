/** The files of messages in the database. */
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries } from '../../../../main/db/queries.js';
import type { AttachmentWithText } from '../../../../preload/contract/attachments.js';

const db = openDatabase(':memory:');
const queries = makeQueries(db);
afterAll(() => db.close());

const details = { encoding: null, pages: 3, emptyPages: 1, rows: null, columns: null, delimiter: null };
const file = (name: string): AttachmentWithText => ({
  ...{ id: 'draft', name, kind: 'pdf', sizeBytes: 9, characters: 13, text: 'one\ftwo\fthree' },
  ...{ details, part: { kind: 'pages', from: 2, to: 3 } },
});
const ask = (chatId: string, attachments: readonly AttachmentWithText[]) =>
  queries.addMessage({ chatId, parentId: null, role: 'user', text: 'What?', model: null, attachments });
const rows = () => db.prepare('SELECT count(*) FROM attachments').pluck().get();

test('a path tells of them in their order, without their texts; the texts are there for prompts', () => {
  const chat = queries.createChat();
  const { id } = ask(chat.id, [file('b.pdf'), file('a.pdf')]);
  const [message] = queries.openThread(chat.id).messages;
  expect(message!.attachments.map(({ name }) => name)).toEqual(['b.pdf', 'a.pdf']);
  const { id: _, text, ...told } = file('b.pdf');
  expect(message!.attachments[0]).toEqual({ ...told, id: expect.any(String) as string });
  expect(queries.attachmentsOf(id).map((each) => [each.name, each.text])).toEqual([
    ['b.pdf', text],
    ['a.pdf', text],
  ]);
  expect(queries.findAttachment(message!.attachments[1]!.id).name).toBe('a.pdf');
  expect(() => queries.findAttachment('none')).toThrow('no longer exists');
});

test('a copy of the chat has them too; they go with their message for good', () => {
  const before = Number(rows());
  const chat = queries.createChat();
  const { id } = ask(chat.id, [file('a.pdf')]);
  const copy = queries.duplicateChat(chat.id);
  expect(rows()).toBe(before + 2);
  db.prepare('UPDATE chats SET leaf_id = NULL WHERE id = ?').run(chat.id);
  db.prepare('DELETE FROM messages WHERE id = ?').run(id);
  expect(rows()).toBe(before + 1);
  const [copied] = queries.openThread(copy.id).messages;
  expect(queries.attachmentsOf(copied!.id)).toMatchObject([{ name: 'a.pdf', text: file('').text }]);
});
