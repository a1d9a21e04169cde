/** Comparisons and duels with a real database: what each contestant is asked, what is kept, and what the page may know. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Arena, type ArenaOptions } from '../../../../main/arena/arena.js';
import type { RunEnd, Writing } from '../../../../main/arena/engines.js';
import { TurnQueue } from '../../../../main/chat/queue.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import type { ContestantSpec, Match } from '../../../../preload/contract/arena.js';
import type { ReplyStats } from '../../../../preload/contract/chats.js';
import type { ChatPrompt } from '../../../../preload/contract/engine.js';
import { AppError } from '../../../../preload/contract/errors.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

const stats: ReplyStats = {
  ...{ stopReason: 'end', promptTokens: 1, reusedTokens: 0, reusedFrom: 'memory', tokens: 2 },
  ...{ guessesMade: 0, guessesTaken: 0, tokensPerSecond: 3, timeToFirstTokenMs: 4, contextUsed: 5 },
  ...{ contextSize: 512, omittedMessages: 0, seed: 1, template: 'koala', origin: null },
};

let queries: Queries;
let arena: Arena;
let close: () => void;
let told: { readonly name: string; readonly data: unknown }[];
let writings: { readonly writing: Writing; readonly end: (end: Partial<RunEnd>) => void }[];
let draws: number[];
let levels: unknown[];

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
  [told, writings, draws, levels] = [[], [], [], []];
  const later = new Proxy({} as ArenaOptions['db'], {
    get:
      (_target, name) =>
      async (...args: unknown[]) =>
        (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args),
  });
  arena = new Arena({
    db: later,
    engines: {
      write: (writing) =>
        new Promise((resolve) => {
          const end = (report: Partial<RunEnd>) =>
            resolve({
              type: 'done',
              runId: writing.request.runId,
              text: '',
              stats,
              prompt: '',
              ...report,
            } as RunEnd);
          writings.push({ writing, end });
          writing.onLoaded?.({ loadMs: 5, memoryBytes: 9 });
        }),
      stop: (runId) =>
        writings
          .find(({ writing }) => writing.request.runId === runId)
          ?.end({ text: 'cut', stats: { ...stats, stopReason: 'stopped' } }),
    },
    turns: new TurnQueue(),
    inForce: async (chat, modelPath) => {
      levels.push({ level: chat?.level, modelPath });
      return { sampling: defaultSampling(), systemPrompt: `For ${modelPath}.` };
    },
    isGuarded: () => true,
    nameOf: async (path) => path.slice(1),
    presetName: async (id) => id.toUpperCase(),
    templateName: async (id) => id,
    requireIdle: () => undefined,
    broadcast: (name, data) => told.push({ name, data: structuredClone(data) }),
    draw: (below) => (draws.shift() ?? 0) % below,
  });
});
afterEach(() => close());

const settle = () => new Promise((resolve) => setTimeout(resolve));
const spec = (name: string, presetId: string | null = null): ContestantSpec => ({
  ...{ modelPath: `/${name}`, presetId, template: null },
});
const question = { prompt: 'Who spits?', history: [], chatId: null, category: 'general', seed: 7 };
const two = [spec('Alpaca'), spec('Vicuna')];
const prompts = () =>
  writings.map(({ writing }) =>
    (writing.request.prompt as ChatPrompt).messages.map(({ role, text }) => `${role}: ${text}`),
  );

/** All that are written end in turn, with these texts. */
async function finish(...texts: readonly string[]) {
  for (const text of texts) {
    await settle();
    writings.at(-1)!.end({ text });
    await settle();
  }
  await settle();
}

describe('side by side', () => {
  test('all get the same question and seed, each what is set for its model, one after the other', async () => {
    const match = await arena.compare({ ...question, contestants: [...two, spec('Alpaca', 'hot')] });
    expect(match.replies.map(({ state }) => state)).toEqual(['loading', 'waiting', 'waiting']);
    await finish('one', 'two', 'three');
    expect(prompts()).toEqual([
      ['system: For /Alpaca.', 'user: Who spits?'],
      ['system: For /Vicuna.', 'user: Who spits?'],
      ['system: For /Alpaca.', 'user: Who spits?'],
    ]);
    expect(writings.map(({ writing }) => writing.request.sampling.seed)).toEqual([7, 7, 7]);
    expect(levels[2]).toMatchObject({ level: { presetId: 'hot' }, modelPath: '/Alpaca' });
    const last = (await arena.last('side-by-side'))!;
    expect(last.replies.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(last.replies[2]).toMatchObject({
      ...{ state: 'ended', stats: { tokensPerSecond: 3 }, measures: { memoryBytes: 9 } },
      contestant: { modelName: 'Alpaca', presetName: 'HOT' },
    });
  });

  test('a chat so far comes before the question; without one its last question is asked again', async () => {
    const { id: chatId } = queries.createChat();
    const add = (role: 'user' | 'assistant', text: string) => {
      const parentId = queries.openThread(chatId).messages.at(-1)?.id ?? null;
      return queries.addMessage({ chatId, parentId, role, text, model: null });
    };
    add('user', 'Hello');
    add('assistant', 'Hi');
    await arena.compare({ ...question, chatId, contestants: two });
    await finish('one', 'two');
    expect(prompts()[0]).toEqual([
      ...['system: For /Alpaca.', 'user: Hello', 'assistant: Hi', 'user: Who spits?'],
    ]);
    const again = await arena.compare({ ...question, chatId, prompt: ' ', contestants: two });
    await finish('three', 'four');
    expect(prompts()[2]).toEqual(['system: For /Alpaca.', 'user: Hello']);
    await arena.keep(again.id, [0, 1]);
    // Versions of the reply that the chat had.
    const { messages } = queries.openThread(chatId);
    expect(messages.map(({ text }) => text)).toEqual(['Hello', 'four']);
    expect(messages[1]!.versionIds).toHaveLength(3);
    expect(told.at(-1)).toMatchObject({ name: 'thread.changed', data: { chat: { id: chatId } } });
  });

  test('each reply is stopped by itself; a reply that failed says why, and the others are written', async () => {
    const { id } = await arena.compare({ ...question, contestants: [...two, spec('Koala')] });
    await settle();
    arena.stop(id, 1);
    writings[0]!.end({
      ...({
        type: 'failed',
        error: new AppError({ code: 'engine-died', message: 'It died.' }).toData(),
      } as const),
    });
    await settle();
    await settle();
    arena.stop(id, 2);
    await arena.ended(id);
    expect((await arena.last('side-by-side'))!.replies).toMatchObject([
      { error: { message: 'It died.' } },
      { text: '', error: { code: 'cancelled' } },
      { text: 'cut', stats: { stopReason: 'stopped' }, error: null },
    ]);
  });

  test('one at a time; what is written comes to the page as it grows', async () => {
    const { id } = await arena.compare({ ...question, contestants: two });
    await settle();
    await expect(arena.compare({ ...question, contestants: two })).rejects.toMatchObject({ code: 'busy' });
    writings[0]!.writing.onReport?.({ type: 'text', runId: 'r', offset: 0, text: 'Lla' });
    expect(told.at(-1)).toEqual({
      name: 'arena.text',
      data: { matchId: id, position: 0, offset: 0, text: 'Lla' },
    });
    // A page that comes back finds it.
    expect((await arena.last('side-by-side'))!.replies[0]).toMatchObject({ state: 'writing', text: 'Lla' });
    await arena.stopAll();
    expect(arena.busy).toBe(false);
  });

  test('an incognito chat, and nothing to ask, are refused', async () => {
    const ask = (change: object) => arena.compare({ ...question, contestants: two, ...change });
    await expect(ask({ chatId: 'incognito-1' })).rejects.toThrow('never touches the disk');
    await expect(ask({ prompt: '' })).rejects.toThrow('nothing to ask');
  });
});

describe('a blind duel', () => {
  const names = /Alpaca|Vicuna|koala|tokensPerSecond/;

  async function duel(): Promise<Match> {
    const match = await arena.duel({ ...question, contestants: two });
    await finish('left', 'right');
    return match;
  }

  test('the draw decides the sides', async () => {
    draws = [1, 0];
    await duel();
    expect(writings.map(({ writing }) => writing.modelPath)).toEqual(['/Vicuna', '/Alpaca']);
    await arena.vote({ ...vote((await arena.last('duel'))!.id), choice: 'a' });
    draws = [0, 0];
    await duel();
    expect(writings.slice(2).map(({ writing }) => writing.modelPath)).toEqual(['/Alpaca', '/Vicuna']);
  });

  const vote = (matchId: string) => ({
    ...{ matchId, voter: 'user', choice: 'b' as const, aspects: { a: {}, b: { accuracy: 4 } }, comment: '' },
  });

  test('nothing that the page is told before the vote says who is who', async () => {
    const match = await duel();
    const all = [match, await arena.last('duel'), await arena.list(10), told];
    for (const data of all) expect(JSON.stringify(data)).not.toMatch(names);
    expect(told.length).toBeGreaterThan(4);
    expect(await arena.last('duel')).toMatchObject({
      isHidden: true,
      replies: [
        { text: 'left', contestant: null, stats: null, measures: null },
        { text: 'right', contestant: null },
      ],
    });
    await expect(arena.keep(match.id, [0])).rejects.toThrow('Vote first');
    const revealed = await arena.vote(vote(match.id));
    expect(revealed).toMatchObject({
      isHidden: false,
      replies: [{ contestant: { modelName: 'Alpaca' } }, { contestant: { modelName: 'Vicuna' }, stats }],
      votes: [{ choice: 'b', aspects: { b: { accuracy: 4 } } }],
    });
  });

  test('a model’s vote does not reveal it, and is not shown before the user’s', async () => {
    const { id } = await duel();
    const judged = await arena.vote({ ...vote(id), voter: 'Judge-7B' });
    expect(judged).toMatchObject({ isHidden: true, votes: [] });
    expect((await arena.vote(vote(id))).votes).toHaveLength(2);
  });

  test('one that failed hides nothing, and can’t be voted on', async () => {
    const { id } = await arena.duel({ ...question, contestants: two });
    await settle();
    arena.stop(id, 1);
    await settle();
    expect(JSON.stringify(await arena.last('duel'))).not.toMatch(names);
    await finish('left');
    expect(await arena.last('duel')).toMatchObject({ isHidden: false, replies: [{}, { error: {} }] });
    await expect(arena.vote(vote(id))).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('it needs two that differ', async () => {
    const same = [spec('Alpaca'), spec('Alpaca')];
    await expect(arena.duel({ ...question, contestants: same })).rejects.toThrow('are the same');
  });
});
