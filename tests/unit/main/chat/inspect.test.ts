/** Which prompt of a chat the doctor looks at. */
import { afterEach, expect, test } from 'vitest';
import type { Attached } from '../../../../main/chat/attached.js';
import { inspectNextPrompt } from '../../../../main/chat/inspect.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries } from '../../../../main/db/queries.js';
import type { Inspection } from '../../../../preload/contract/doctor.js';
import type { ChatPrompt } from '../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

const db = openDatabase(':memory:');
const queries = makeQueries(db);
afterEach(() => void asked.splice(0));

const inspection: Inspection = {
  ...{ tokens: [], previous: null, reusableTokens: 0, leftOut: [], findings: [], stops: [] },
  ...{ template: { id: 'koala', label: 'Koala' }, candidates: [], comparison: null },
};
const asked: ChatPrompt[] = [];
const look = async (chatId: string | null, draft: string, attached: readonly Attached[] = []) => {
  const { basis } = await inspectNextPrompt(
    {
      db: {
        openThread: async (id) => queries.openThread(id),
        attachmentsOf: async (id) => queries.attachmentsOf(id),
        cardOf: async (id) => queries.cardOf(id),
        personaOf: async (id) => queries.personaOf(id),
      },
      engine: {
        inspectPrompt: async ({ prompt }) => {
          asked.push(prompt);
          return inspection;
        },
      },
      inForce: async () => ({ systemPrompt: 'Be brief.', sampling: defaultSampling() }),
    },
    chatId,
    draft,
    attached,
  );
  return [basis, ...asked.at(-1)!.messages.map(({ role, text }) => `${role}: ${text}`)];
};

test('a new chat shows its draft, or a sample', async () => {
  expect(await look(null, 'Hi')).toEqual(['draft', 'system: Be brief.', 'user: Hi']);
  expect((await look(null, '')).slice(0, 3)).toEqual(['sample', 'system: Be brief.', 'user: Hello!']);
});

test('a chat shows the draft after its path, the question at its end, or the reply to go on with', async () => {
  const chat = queries.createChat();
  const add = (parentId: string | null, role: 'user' | 'assistant', text: string) =>
    queries.addMessage({ chatId: chat.id, parentId, role, text, model: null });
  const question = add(null, 'user', 'One?');
  expect(await look(chat.id, '')).toEqual(['question', 'system: Be brief.', 'user: One?']);
  add(question.id, 'assistant', 'Two.');
  const path = ['system: Be brief.', 'user: One?', 'assistant: Two.'];
  expect(await look(chat.id, '')).toEqual(['continue', ...path]);
  expect(await look(chat.id, 'Three?')).toEqual(['draft', ...path, 'user: Three?']);
});

test('files of the draft and of earlier messages stand in it', async () => {
  const details = { encoding: null, pages: null, emptyPages: 0, rows: null, columns: null, delimiter: null };
  const file = { name: 'a.txt', text: 'wool', part: { kind: 'all' as const }, details };
  const block = 'File "a.txt":\n```\nwool\n```';
  expect(await look(null, '', [file])).toEqual(['draft', 'system: Be brief.', `user: ${block}`]);
  const chat = queries.createChat();
  const kept = { ...file, id: 'x', kind: 'text' as const, sizeBytes: 4, characters: 4 };
  const question = { chatId: chat.id, parentId: null, role: 'user', text: 'What?', model: null } as const;
  queries.addMessage({ ...question, attachments: [kept] });
  expect(await look(chat.id, '')).toEqual(['question', 'system: Be brief.', `user: ${block}\n\nWhat?`]);
});
