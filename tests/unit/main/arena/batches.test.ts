/** Batches on a real database file: what is done, what is left when the app dies, and what comes of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database as Sqlite } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batchCsv, batchJson } from '../../../../main/arena/batch-export.js';
import { resultsOf } from '../../../../main/arena/batch-results.js';
import { Batches, type BatchesOptions } from '../../../../main/arena/batches.js';
import type { RunEnd, Writing } from '../../../../main/arena/engines.js';
import { TurnQueue } from '../../../../main/chat/queue.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import type { ContestantSpec } from '../../../../preload/contract/arena.js';
import type { ReplyStats } from '../../../../preload/contract/chats.js';
import type { ChatPrompt } from '../../../../preload/contract/engine.js';
import type { ErrorData } from '../../../../preload/contract/errors.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

const stats: ReplyStats = {
  ...{ stopReason: 'end', promptTokens: 1, reusedTokens: 0, reusedFrom: 'memory', tokens: 20 },
  ...{ guessesMade: 0, guessesTaken: 0, tokensPerSecond: 3, timeToFirstTokenMs: 4, contextUsed: 5 },
  ...{ contextSize: 512, omittedMessages: 0, seed: 1, template: 'koala', origin: null },
};

/** What a model says to a prompt; a promise that never settles is one that is still written. */
type Answer = (
  asked: { model: string; prompt: string },
  writing: Writing,
) => Promise<Partial<RunEnd> | string>;

let folder: string;
let db: Sqlite;
let queries: Queries;
let turns: TurnQueue;
let batches: Batches;
let answer: Answer;
/** `model: prompt` of all that engines were asked, and their loads. */
let asked: string[];
let awake: boolean[];
let problems: ErrorData[];
let failing: string | null;
/** What the list of batches waits for. */
let lateList: Promise<void> | null;

/** Starts the app with what is on the disk. */
function start() {
  db = openDatabase(join(folder, 'altiplano.db'));
  queries = makeQueries(db);
  turns = new TurnQueue(() => turns.isWanted && batches.giveWay());
  const client = new Proxy({} as BatchesOptions['db'], {
    get:
      (_target, name) =>
      async (...args: unknown[]) => {
        if (name === failing) throw new Error('The disk is full.');
        const value = (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args);
        if (name === 'listBatches') await lateList;
        return value;
      },
  });
  const stops = new Map<string, () => void>();
  batches = new Batches({
    ...{ db: client, turns, isGuarded: () => true },
    engines: {
      write: async (writing) => {
        const { modelPath, request } = writing;
        const { runId } = request;
        const prompt = (request.prompt as ChatPrompt).messages.at(-1)!.text;
        asked.push(`${modelPath.slice(1)}: ${prompt.split('\n')[0]}`);
        const stopped = new Promise<Partial<RunEnd>>((resolve) =>
          stops.set(runId, () => resolve({ text: 'cut', stats: { ...stats, stopReason: 'stopped' } })),
        );
        const said = await Promise.race([answer({ model: modelPath.slice(1), prompt }, writing), stopped]);
        const report = typeof said === 'string' ? { text: said } : said;
        return { type: 'done', runId, text: '', stats, prompt: '', ...report } as RunEnd;
      },
      stop: (runId) => stops.get(runId)?.(),
      withModel: async (_wanted, work) =>
        work({
          perplexity: async () => ({ perplexity: 12.5, tokens: 40, window: 512 }),
          cancel: () => undefined,
        } as unknown as Parameters<typeof work>[0]),
    },
    arena: {
      enter: async (specs) =>
        specs.map((spec) =>
          queries.enterContestant(spec, {
            modelName: spec.modelPath.slice(1),
            presetName: spec.presetId ?? '',
            templateName: '',
          }),
        ),
    },
    promptSets: {
      find: async (id) => ({ id, name: 'Set', does: '', isOwn: true, counts: [] }),
      prompts: async (setId) =>
        setId === 'empty' ? [] : prompts.map((one) => ({ ...one, id: one.text, setId })),
    },
    inForce: async () => ({ sampling: defaultSampling(), systemPrompt: '' }),
    nameOf: async (path) => path.slice(1),
    stayAwake: (isNeeded) => awake.push(isNeeded),
    onChange: () => undefined,
    onProblem: (problem) => problems.push(problem),
  });
}

const prompts = [
  { category: 'coding', level: null, text: 'one', reference: '' },
  { category: 'knowledge', level: null, text: 'two', reference: 'known' },
];
const spec = (name: string, presetId: string | null = null): ContestantSpec => ({
  ...{ modelPath: `/${name}`, presetId, template: null },
});
const usual = {
  ...{ setId: 'set', contestants: [spec('Llama'), spec('Koala')], seed: 7, maxTokens: 64 },
  ...{ perplexityText: '', judgePath: null },
};
const never = new Promise<never>(() => undefined);
const loaded = (writing: Writing) => writing.onLoaded?.({ loadMs: 5, memoryBytes: 9 });
const state = async () =>
  (await batches.list()).map(({ state: each, done, failed }) => ({ state: each, done, failed }));
const ended = () => vi.waitFor(async () => expect(batches.busy).toBe(false));
const askedUntil = (count: number) => vi.waitFor(() => expect(asked).toHaveLength(count));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'altiplano-batches-'));
  [asked, awake, problems, failing, lateList] = [[], [], [], null, null];
  answer = async ({ model, prompt }, writing) => {
    loaded(writing);
    return `${model} on ${prompt}`;
  };
  start();
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('each contestant answers all prompts before the next is loaded; each pair becomes a duel to vote on', async () => {
  const contestants = [spec('Llama'), spec('Koala'), spec('Llama', 'hot'), spec('Koala')];
  const batch = await batches.start({ ...usual, contestants });
  expect(batch).toMatchObject({ name: 'Set', kind: 'replies', total: 6 });
  await ended();
  expect(asked).toEqual(['Llama: one', 'Llama: two', 'Llama: one', 'Llama: two', 'Koala: one', 'Koala: two']);
  expect(await state()).toEqual([{ state: 'ended', done: 6, failed: 0 }]);
  expect((await batches.list())[0]).toMatchObject({ unvoted: 6, current: null });
  expect([awake[0], awake.at(-1)]).toEqual([true, false]);

  const duel = (await batches.nextDuel())!;
  expect(duel).toMatchObject({ kind: 'duel', prompt: 'one', category: 'coding', isHidden: true });
  expect(duel.replies.map(({ contestant }) => contestant)).toEqual([null, null]);
  queries.castVote({ matchId: duel.id, voter: 'user', choice: 'a', aspects: { a: {}, b: {} }, comment: '' });
  expect((await batches.nextDuel())!.id).not.toBe(duel.id);
  expect((await batches.list())[0]).toMatchObject({ unvoted: 5 });
});

test('what is killed in the middle goes on without repeating what was finished', async () => {
  answer = async ({ model, prompt }, writing) => {
    loaded(writing);
    return asked.length < 3 ? `${model} on ${prompt}` : never;
  };
  await batches.start(usual);
  await askedUntil(3);
  expect(await state()).toEqual([{ state: 'running', done: 2, failed: 0 }]);
  // The process is gone: nothing more is kept, and nothing is tidied.
  db.close();
  asked = [];
  answer = async ({ model, prompt }) => `${model} later on ${prompt}`;
  start();
  batches.open();
  await ended();
  expect(asked).toEqual(['Koala: one', 'Koala: two']);
  expect(await state()).toEqual([{ state: 'ended', done: 4, failed: 0 }]);
  const { tasks } = queries.batchOutcome((await batches.list())[0]!.id);
  expect(tasks.map(({ text }) => text)).toEqual([
    'Llama on one',
    'Llama on two',
    'Koala later on one',
    'Koala later on two',
  ]);
});

test('an answer that comes late tells what is worked at by then', async () => {
  answer = () => never;
  const { id } = await batches.start(usual);
  await askedUntil(1);
  await batches.pause(id);
  await ended();
  let letGo: () => void = () => undefined;
  lateList = new Promise<void>((resolve) => (letGo = resolve));
  const late = batches.list();
  lateList = null;
  const before = asked.length;
  await batches.resume(id);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before));
  letGo();
  expect((await late)[0]!.current).toBe('Llama');
});

test('pausing gives up what is written; going on begins it again', async () => {
  answer = () => never;
  const { id } = await batches.start(usual);
  await askedUntil(1);
  expect((await batches.list())[0]!.current).toBe('Llama');
  await batches.pause(id);
  await ended();
  expect(await state()).toEqual([{ state: 'paused', done: 0, failed: 0 }]);
  expect(awake.at(-1)).toBe(false);
  answer = async () => 'so';
  await batches.resume(id);
  await ended();
  expect(asked[1]).toBe('Llama: one');
  expect(await state()).toEqual([{ state: 'ended', done: 4, failed: 0 }]);
});

test('a person who asks is served at once, and the batch goes on after that', async () => {
  let isFirst = true;
  answer = async () => {
    if (!isFirst) return 'so';
    isFirst = false;
    return never;
  };
  await batches.start(usual);
  await askedUntil(1);
  const order: string[] = [];
  await turns.take({ id: 'chat', lane: 'chat', priority: 'person' }, async () => void order.push('chat'));
  expect(asked).toHaveLength(1);
  await ended();
  expect(order).toEqual(['chat']);
  expect(asked).toEqual(['Llama: one', 'Llama: one', 'Llama: two', 'Koala: one', 'Koala: two']);
});

test('a batch that waits behind persons waits quietly, and can be paused meanwhile', async () => {
  let isServed: () => void = () => undefined;
  const served = new Promise<void>((resolve) => (isServed = resolve));
  const first = turns.take({ id: 'a', lane: 'a', priority: 'person' }, () => served);
  const second = turns.take({ id: 'b', lane: 'b', priority: 'person' }, async () => undefined);
  const { id } = await batches.start(usual);
  await vi.waitFor(() => expect(turns.before).toHaveProperty('b'));
  await vi.waitFor(() => expect(Object.keys(turns.before)).toHaveLength(2));
  const [waiting] = Object.keys(turns.before).filter((each) => each !== 'b');
  // Another person who comes changes nothing for one that has not begun.
  const third = turns.take({ id: 'c', lane: 'c', priority: 'person' }, async () => undefined);
  expect(turns.before).toHaveProperty(waiting!);
  await batches.pause(id);
  await ended();
  expect(turns.before).not.toHaveProperty(waiting!);
  isServed();
  await Promise.all([first, second, third]);
  expect(asked).toEqual([]);
  await batches.resume(id);
  await ended();
  expect(asked).toHaveLength(4);
});

test('an error ends neither the batch nor the model; a model that does not load is not tried for each prompt', async () => {
  const error = { code: 'prompt-too-long', message: 'Too long.' } as const;
  answer = async ({ model, prompt }, writing) => {
    if (model === 'Koala')
      return { type: 'failed', text: '', error: { code: 'model-missing', message: 'Gone.' } };
    loaded(writing);
    return prompt === 'one' ? { type: 'failed', text: '', error } : 'so';
  };
  const { id } = await batches.start(usual);
  await ended();
  expect(asked).toEqual(['Llama: one', 'Llama: two', 'Koala: one']);
  expect(await state()).toEqual([{ state: 'ended', done: 4, failed: 3 }]);
  expect(await batches.nextDuel()).toBeNull();

  [asked, answer] = [[], async () => 'now'];
  await batches.retry(id);
  await ended();
  expect(asked).toEqual(['Llama: one', 'Koala: one', 'Koala: two']);
  expect(await state()).toEqual([{ state: 'ended', done: 4, failed: 0 }]);
  expect((await batches.list())[0]!.unvoted).toBe(2);
});

test('a judge votes on each duel in both orders, after the replies; a disagreement is a tie', async () => {
  answer = async ({ model, prompt }, writing) => {
    loaded(writing);
    if (model !== 'Judge') return `${model} on ${prompt}`;
    // Of the first prompt it prefers whatever comes first, of the second Koala’s answer.
    if (prompt.includes('<<<\none\n>>>')) return 'Reason: First.\nVerdict: A';
    const isFirst = prompt.includes('Answer A:\n<<<\nKoala on two');
    return `Reason: Koala.\nVerdict: ${isFirst ? 'A' : 'B'}`;
  };
  const { id } = await batches.start({ ...usual, judgePath: '/Judge', perplexityText: 'a text' });
  await ended();
  expect(asked.filter((one) => one.startsWith('Judge'))).toHaveLength(4);
  expect(await state()).toEqual([
    { state: 'ended', done: 4, failed: 0 },
    { state: 'ended', done: 6, failed: 0 },
  ]);
  const outcome = queries.batchOutcome(id);
  const votes = outcome.duels.map((duel) => duel.votes);
  expect(votes[0]).toEqual([{ voter: 'Judge', choice: 'tie' }]);
  expect(votes[1]).toEqual([
    { voter: 'Judge', choice: outcome.duels[1]!.a === outcome.contestants[1]!.id ? 'a' : 'b' },
  ]);

  const { contestants, groups, judges, perplexityTokens } = resultsOf(outcome);
  expect(judges).toMatchObject([{ judge: 'Judge', pairs: 2, disagreed: 1, preferredFirst: 1, failed: 0 }]);
  expect(groups.map(({ category, contestants: won }) => [category, won[1]![0]!.points])).toEqual([
    ['coding', 0.5],
    ['knowledge', 1],
  ]);
  expect(perplexityTokens).toBe(40);
  expect(contestants.map(({ rates }) => rates)).toEqual([
    [{ voter: 'Judge', duels: 2, points: 0.5 }],
    [{ voter: 'Judge', duels: 2, points: 1.5 }],
  ]);
  expect(contestants[1]).toMatchObject({
    ...{ answered: 2, failed: 0, memoryBytes: 9, tokensPerSecond: 3, timeToFirstTokenMs: 4, tokens: 20 },
    ...{ characters: 12, perplexity: 12.5 },
  });
  expect(batchCsv(resultsOf(outcome)).split('\r\n')[2]).toBe('Koala,,,2,0,,9,3,4,20,12,12.5,2,1.5');
  expect(JSON.parse(batchJson(outcome, resultsOf(outcome)))).toMatchObject({
    replies: [{ text: 'Llama on one', contestant: 'Llama' }, {}, {}, {}],
  });
  await expect(batches.judge(id, '/Judge')).rejects.toThrow('There is no duel that Judge has not judged.');
});

test('a judge that gives no verdict is told, and can be asked again', async () => {
  await batches.start(usual);
  await ended();
  answer = async () => 'I would rather not say.';
  const judging = await batches.judge(null, '/Judge');
  await ended();
  expect((await state())[0]).toEqual({ state: 'ended', done: 4, failed: 4 });
  answer = async () => 'Verdict: tie';
  await batches.retry(judging.id);
  await ended();
  expect((await state())[0]).toEqual({ state: 'ended', done: 4, failed: 0 });
  expect(resultsOf(queries.batchOutcome(judging.id)).judges).toMatchObject([{ pairs: 2, disagreed: 0 }]);
});

test('a deleted batch stops, and undo brings it back and lets it go on', async () => {
  answer = () => never;
  const { id } = await batches.start(usual);
  await askedUntil(1);
  await batches.remove(id);
  await ended();
  expect(await batches.list()).toEqual([]);
  answer = async () => 'so';
  queries.undo({ stepId: null, busyChatIds: [] });
  await batches.tell();
  await ended();
  expect(await state()).toEqual([{ state: 'ended', done: 4, failed: 0 }]);
});

test('when results can’t be kept the work stops and says so; nothing is lost', async () => {
  failing = 'endTask';
  await batches.start(usual);
  await ended();
  expect(problems).toMatchObject([{ message: 'The disk is full.' }]);
  expect(asked).toHaveLength(1);
  failing = null;
  batches.open();
  await ended();
  expect(await state()).toEqual([{ state: 'ended', done: 4, failed: 0 }]);
});

test('a set without prompts is refused', async () => {
  await expect(batches.start({ ...usual, setId: 'empty' })).rejects.toThrow('There is no prompt in “Set”.');
});
