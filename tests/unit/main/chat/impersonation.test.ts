/** What is asked of the engine for a message of the user, with a real database and a run whose end is set here. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { impersonate } from '../../../../main/chat/impersonation.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { AppError } from '../../../../preload/contract/errors.js';
import type { ChatPrompt, GenerateRequest } from '../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

type Rooms = Parameters<typeof impersonate>[0];
type RunEnd = Awaited<ReturnType<Rooms['runs']['collect']>>;

let queries: Queries;
let close: () => void;
let asked: { readonly request: GenerateRequest; readonly lane: string }[];
let planned: ChatPrompt[];
let busy: string | null;
let end: (runId: string) => RunEnd;

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
  [asked, planned, busy] = [[], [], null];
  end = (runId) => ({ type: 'done', runId, text: ' hum?', prompt: '', stats: {} as never });
});
afterEach(() => close());

const rooms = (): Rooms => ({
  db: {
    openThread: async (...args) => queries.openThread(...args),
    attachmentsOf: async (...args) => queries.attachmentsOf(...args),
    cardOf: async (...args) => queries.cardOf(...args),
    personaOf: async (...args) => queries.personaOf(...args),
  },
  loader: { modelName: async () => 'm' },
  inForce: async () => ({ ...{ systemPrompt: 'Be brief.', sampling: defaultSampling() } }) as never,
  planner: { requireRoom: async (prompt) => void planned.push(prompt) },
  runs: {
    collect: async (request, { lane }) => {
      asked.push({ request, lane });
      return end(request.runId);
    },
    requireIdle: (chatId) => {
      if (chatId === busy) throw new AppError({ code: 'busy', message: 'A reply is being written.' });
    },
  },
});

function talk(): string {
  const { id: chatId } = queries.createChat();
  const said = { chatId, role: 'user', text: 'Who spits?', model: null, parentId: null } as const;
  const { id: parentId } = queries.addMessage(said);
  queries.addMessage({ ...said, role: 'assistant', text: 'Llamas do.', parentId });
  return chatId;
}

test('the model is asked for the user’s turn after what was said, from the start on, when it is the chat’s turn', async () => {
  const chatId = talk();
  expect(await impersonate(rooms(), { chatId, start: 'Do they', runId: 'r' })).toBe(' hum?');
  expect(asked).toMatchObject([{ lane: chatId, request: { runId: 'r', incognito: false } }]);
  const { messages } = asked[0]!.request.prompt as ChatPrompt;
  expect(messages.map(({ role, text, isOpen }) => [role, text, isOpen])).toEqual([
    ['system', 'Be brief.', undefined],
    ['user', 'Who spits?', undefined],
    ['assistant', 'Llamas do.', undefined],
    ['user', 'Do they', true],
  ]);
  expect(planned).toEqual([asked[0]!.request.prompt]);
  expect(queries.openThread(chatId).messages).toHaveLength(2);
});

test('a chat in which nothing was said has a first message', async () => {
  await impersonate(rooms(), { chatId: null, start: '', runId: 'r' });
  const { messages } = asked[0]!.request.prompt as ChatPrompt;
  expect(messages.at(-1)).toEqual({ role: 'user', text: '', isOpen: true });
  expect(queries.listChats()).toEqual([]);
});

test('not while a reply is written; why a run failed is told', async () => {
  const chatId = talk();
  busy = chatId;
  await expect(impersonate(rooms(), { chatId, start: '', runId: 'r' })).rejects.toMatchObject({
    code: 'busy',
  });
  expect(asked).toEqual([]);
  busy = null;
  const error = { code: 'engine-died', message: 'The engine stopped.' } as const;
  end = (runId) => ({ type: 'failed', runId, text: '', error });
  await expect(impersonate(rooms(), { chatId, start: '', runId: 'r' })).rejects.toMatchObject(error);
});
