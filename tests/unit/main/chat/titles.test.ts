/** When the model is asked for a title, with a real database, the real queue, and an engine whose answers are set here. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TurnQueue } from '../../../../main/chat/queue.js';
import { Runs } from '../../../../main/chat/runs.js';
import { Titles } from '../../../../main/chat/titles.js';
import type { Database } from '../../../../main/db/client.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import type { ChatPrompt, GenerateRequest } from '../../../../preload/contract/engine.js';
import { replyStatsSchema } from '../../../../preload/contract/chats.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { settingsSchema } from '../../../../preload/contract/settings.js';

const stats = replyStatsSchema.parse({
  ...{ stopReason: 'end', promptTokens: 1, reusedTokens: 0, tokens: 1, tokensPerSecond: 1 },
  ...{ timeToFirstTokenMs: 1, contextUsed: 1, contextSize: 512, omittedMessages: 0, seed: 1, template: 'k' },
});

let queries: Queries;
let runs: Runs;
let generated: GenerateRequest[];
let cancelled: string[];
let generateTitles: boolean;
let close: () => void;

beforeEach(() => {
  const sqlite = openDatabase(':memory:');
  close = () => sqlite.close();
  queries = makeQueries(sqlite);
  [generated, cancelled, generateTitles] = [[], [], true];
  const db = new Proxy({} as Database, {
    get:
      (_target, name) =>
      async (...args: unknown[]) =>
        (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args),
  });
  const settings = () => settingsSchema.parse({ generateTitles });
  const inForce = async () => ({ sampling: defaultSampling(), systemPrompt: '' });
  const broadcast = () => undefined;
  const loader = {
    status: { state: 'ready' } as never,
    ensureLoaded: async () => undefined,
    modelName: async () => 'm',
  };
  const turns = new TurnQueue((before) => {
    if (Object.keys(before).length > 0) titles.giveWay();
  });
  runs = new Runs({
    ...{ db, loader, inForce, broadcast, turns },
    isGuarded: () => true,
    engine: {
      generate: async (request) => void generated.push(request),
      cancel: (runId) => {
        cancelled.push(runId);
        void runs.report({
          type: 'done',
          runId,
          text: 'Wool',
          prompt: '',
          stats: { ...stats, stopReason: 'stopped' },
        });
      },
    },
    planner: { requireRoom: async () => undefined },
    attachments: { all: () => [], forget: () => undefined },
    onReply: (chatId) => titles.replied(chatId),
  });
  const titles = new Titles({ db, runs, loader, settings, inForce, broadcast, quietMs: 0 });
});
afterEach(() => close());

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
const asked = () => (generated.at(-1)!.prompt as ChatPrompt).messages.at(-1)!.text;
const title = (chatId: string) => queries.openThread(chatId).chat.title;
async function answer(text: string) {
  await runs.report({ type: 'done', runId: generated.at(-1)!.runId, text, stats, prompt: '' });
  await settle();
}
async function talk(): Promise<string> {
  const { chatId } = await runs.send(null, 'Who spits?');
  await settle();
  await answer('Llamas do.');
  return chatId;
}

test('after the first exchange the model is asked, and its title is taken', async () => {
  const chatId = await talk();
  expect(asked()).toContain('Write a title');
  await answer('"Spitting Llamas"');
  expect(title(chatId)).toBe('Spitting Llamas');
});

test('once a chat has a title of the model, it is not asked again', async () => {
  const chatId = await talk();
  await answer('Spitting Llamas');
  await runs.send(chatId, 'And camels?');
  await settle();
  await answer('They too.');
  expect(generated).toHaveLength(3);
});

test('a name that the user gave is never overwritten, not even one given meanwhile', async () => {
  const chatId = await talk();
  queries.renameChat(chatId, 'Mine');
  await answer('Spitting Llamas');
  expect(title(chatId)).toBe('Mine');
});

test('an answer that is no title leaves the first words', async () => {
  const chatId = await talk();
  await answer('I would be happy to help you with a title, but first let me ask you something else.');
  expect(title(chatId)).toBe('Who spits?');
});

test('it is given up when the user sends something, and looked for after that reply', async () => {
  const chatId = await talk();
  const looking = generated.at(-1)!.runId;
  await runs.send(chatId, 'And camels?');
  await settle();
  expect(cancelled).toEqual([looking]);
  expect(asked()).toBe('And camels?');
  expect(title(chatId)).toBe('Who spits?');
  await answer('They too.');
  expect(asked()).toContain('Write a title');
  await answer('Spitting');
  expect(title(chatId)).toBe('Spitting');
});

test('the setting turns it off', async () => {
  generateTitles = false;
  await talk();
  expect(generated).toHaveLength(1);
});
