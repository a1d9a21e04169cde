/** What is asked of the engine and what is saved, with a real database and an engine whose answers are set here. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DraftAttachments } from '../../../../main/attachments/drafts.js';
import { makeInForce } from '../../../../main/chat/in-force.js';
import { Planner } from '../../../../main/chat/planner.js';
import { TurnQueue } from '../../../../main/chat/queue.js';
import { Runs, type RunsOptions } from '../../../../main/chat/runs.js';
import { Presets } from '../../../../main/presets/presets.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { AppError } from '../../../../preload/contract/errors.js';
import type { ChatPrompt, GenerateRequest, PromptPlan } from '../../../../preload/contract/engine.js';
import type { EngineStatus, LoadedModel } from '../../../../preload/contract/models.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { emptyLevel } from '../../../../preload/contract/levels.js';
import { settingsSchema, type Settings } from '../../../../preload/contract/settings.js';
import { later } from '../../../fixtures/later.js';

const loaded: LoadedModel = {
  ...{ path: '/m.gguf', name: 'm', contextSize: 512, threads: 2, gpu: null },
  ...{ template: { id: 'koala', label: 'Koala' }, templateReason: 'test' },
  ...{ identity: { sizeBytes: 1, hash: 'a' }, engine: 'test', freeVramBytes: null },
  memory: { weightsBytes: 4e9, kvBytes: 1e9, computeBytes: 1e8, vramBytes: 0 },
};
const stats = {
  ...{
    stopReason: 'end' as const,
    promptTokens: 1,
    reusedTokens: 0,
    reusedFrom: 'memory' as const,
    ...{ guessesMade: 0, guessesTaken: 0 },
    tokens: 1,
    tokensPerSecond: 1,
  },
  ...{
    timeToFirstTokenMs: 1,
    contextUsed: 1,
    contextSize: 512,
    omittedMessages: 0,
    seed: 1,
    template: 'koala',
    origin: null,
  },
};

let queries: Queries;
let runs: Runs;
let planner: Planner;
let drafts: DraftAttachments;
let presets: Presets;
let settings: Settings;
let status: EngineStatus;
let generated: GenerateRequest[];
let planned: ChatPrompt[];
/** What the engine answers to a plan. */
let plan: PromptPlan;
let close: () => void;
let isFull: boolean;

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
  generated = [];
  planned = [];
  status = { state: 'ready', ...loaded, note: null };
  plan = { promptTokens: 10, reserveTokens: 128, contextSize: 512, overTokens: 0, leftOut: [] };
  const engine = {
    generate: async (request: GenerateRequest) => void generated.push(request),
    cancel: () => undefined,
    planPrompt: async (prompt: ChatPrompt) => {
      planned.push(prompt);
      return plan;
    },
  };
  const loader = {
    get status() {
      return status;
    },
    ensureLoaded: async () => void (status = { state: 'ready', ...loaded, note: null }),
    modelName: async () => 'm',
  };
  settings = settingsSchema.parse({ modelPath: loaded.path });
  isFull = false;
  const database = later({
    ...queries,
    saveReply: (reply: Parameters<Queries['saveReply']>[0]) => {
      if (isFull) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
      queries.saveReply(reply);
    },
  });
  presets = new Presets({ db: database, onChange: () => undefined });
  const shared = { db: database, engine, loader, inForce: makeInForce(presets, () => settings) };
  planner = new Planner(shared);
  drafts = new DraftAttachments({
    db: later(queries),
    read: async () => Promise.reject(new Error('no files here')),
    onProgress: () => undefined,
  });
  runs = new Runs({
    ...shared,
    planner,
    attachments: drafts,
    turns: new TurnQueue(),
    isGuarded: () => settings.guardReplies,
    broadcast: () => undefined,
  });
});
afterEach(() => close());

const settle = () => new Promise((resolve) => setTimeout(resolve));
const texts = (chatId: string) => queries.openThread(chatId).messages.map(({ text }) => text);
const prompt = () => (generated.at(-1)?.prompt as ChatPrompt).messages.map(({ role, text }) => [role, text]);

async function finish(text: string) {
  await settle();
  await runs.report({ type: 'done', runId: generated.at(-1)!.runId, text, stats, prompt: '' });
}

async function talk(): Promise<string> {
  const { chatId } = await runs.send(null, 'Who spits?');
  await finish('Llamas do.');
  return chatId;
}

describe('before anything is saved', () => {
  const over = { overTokens: 12 };

  test('a message that can’t fit is refused, and makes no chat', async () => {
    plan = { ...plan, ...over };
    await expect(runs.send(null, 'word '.repeat(600))).rejects.toMatchObject({
      code: 'prompt-too-long',
      message: expect.stringContaining('12 tokens too long') as string,
    });
    expect(queries.listChats()).toEqual([]);
    expect(generated).toEqual([]);
  });

  test('so are an edited one, a new version and going on', async () => {
    const chatId = await talk();
    const [asked, reply] = queries.openThread(chatId).messages;
    plan = { ...plan, ...over };
    await expect(runs.resend(asked!.id, 'Who else?')).rejects.toMatchObject({ code: 'prompt-too-long' });
    await expect(runs.regenerate(reply!.id)).rejects.toMatchObject({ code: 'prompt-too-long' });
    await expect(runs.continue(reply!.id)).rejects.toMatchObject({ code: 'prompt-too-long' });
    expect(queries.openThread(chatId).messages.map(({ versionIds }) => versionIds.length)).toEqual([1, 1]);
  });

  test('a chat that stops when it is full waits for the model to be sure; others do not wait', async () => {
    const chatId = await talk();
    planned = [];
    status = { state: 'idle' };
    await runs.send(chatId, 'And camels?');
    expect(planned).toEqual([]);
    await finish('They too.');
    queries.setChatOptions(chatId, { overflow: 'stop' });
    status = { state: 'idle' };
    plan = { ...plan, ...over };
    await expect(runs.send(chatId, 'And alpacas?')).rejects.toThrow(
      'This conversation is 12 tokens too long',
    );
    expect(texts(chatId)).not.toContain('And alpacas?');
  });
});

test('what is planned is what is sent: the marks, the policy and the start of the reply', async () => {
  const chatId = await talk();
  const [asked] = queries.openThread(chatId).messages;
  queries.setInclusion(asked!.id, 'pinned');
  queries.setChatOptions(chatId, { startReplyWith: 'Well,' });
  await planner.next(chatId, 'And camels?');
  await runs.send(chatId, 'And camels?');
  await settle();
  const sent = generated.at(-1)!.prompt as ChatPrompt;
  expect(sent.policy).toBe('keep-pinned');
  expect(sent.messages[0]).toEqual({ role: 'user', text: 'Who spits?', inclusion: 'pinned' });
  for (const before of planned.slice(-2)) {
    expect(before.policy).toBe(sent.policy);
    expect(before.messages.map(({ role, text, inclusion = 'auto' }) => ({ role, text, inclusion }))).toEqual(
      sent.messages,
    );
  }
});

test('the plan of the next message names the messages that are left out', async () => {
  const chatId = await talk();
  const [asked, reply] = queries.openThread(chatId).messages;
  plan = { ...plan, leftOut: ['context-full', 'context-full', null] };
  expect(await planner.next(chatId, 'And camels?')).toEqual({
    ...{ promptTokens: 10, reserveTokens: 128, contextSize: 512, overTokens: 0 },
    leftOut: { [asked!.id]: 'context-full', [reply!.id]: 'context-full' },
  });
  status = { state: 'idle' };
  expect(await planner.next(chatId, '')).toBeNull();
});

describe('start reply with', () => {
  test('opens the reply in the prompt, is shown at once, and stays part of what is saved', async () => {
    const chatId = await talk();
    queries.setChatOptions(chatId, { startReplyWith: 'Well, ' });
    const run = await runs.send(chatId, 'And camels?');
    expect(run).toMatchObject({ text: 'Well, ', baseLength: 6 });
    await settle();
    expect(prompt().slice(-2)).toEqual([
      ['user', 'And camels?'],
      ['assistant', 'Well, '],
    ]);
    await finish('they spit too.');
    expect(texts(chatId).at(-1)).toBe('Well, they spit too.');
  });

  test('a new version begins with it too, and the versions before stay', async () => {
    const chatId = await talk();
    queries.setChatOptions(chatId, { startReplyWith: 'Often ' });
    await runs.regenerate(queries.openThread(chatId).messages[1]!.id);
    await finish('llamas.');
    const reply = queries.openThread(chatId).messages[1]!;
    expect(reply.text).toBe('Often llamas.');
    expect(reply.versionIds).toHaveLength(2);
    expect(texts(queries.selectVersion(reply.versionIds[0]!).chat.id)[1]).toBe('Llamas do.');
  });

  test('going on with a reply does not write it again', async () => {
    const chatId = await talk();
    queries.setChatOptions(chatId, { startReplyWith: 'Well, ' });
    await runs.continue(queries.openThread(chatId).messages[1]!.id);
    await settle();
    expect(prompt().at(-1)).toEqual(['assistant', 'Llamas do.']);
    await finish(' Always.');
    expect(texts(chatId)[1]).toBe('Llamas do. Always.');
  });
});

test('an edited question keeps its pin', async () => {
  const chatId = await talk();
  queries.setInclusion(queries.openThread(chatId).messages[0]!.id, 'pinned');
  await runs.resend(queries.openThread(chatId).messages[0]!.id, 'Who spits most?');
  expect(queries.openThread(chatId).messages[0]).toMatchObject({
    text: 'Who spits most?',
    inclusion: 'pinned',
  });
});

test('a run that waits for its model ends at once when it is stopped, and never reaches the engine', async () => {
  const calls: string[] = [];
  const ended: unknown[] = [];
  let loaded: () => void = () => undefined;
  const runs = new Runs({
    // Free runs keep nothing.
    db: {} as RunsOptions['db'],
    engine: {
      generate: async ({ runId }) => void calls.push(`generate ${runId}`),
      cancel: (runId) => void calls.push(`cancel ${runId}`),
    },
    loader: {
      modelName: async () => 'llama',
      ensureLoaded: () => new Promise((resolve) => (loaded = resolve)),
    },
    planner: { requireRoom: async () => undefined },
    attachments: { all: () => [], forget: () => undefined },
    turns: new TurnQueue(),
    inForce: async () => ({ sampling: defaultSampling(), systemPrompt: '' }),
    isGuarded: () => true,
    broadcast: (name, data) => void (name === 'runs.ended' && ended.push(data)),
  });
  const runId = 'run';
  const request = { runId, prompt: { kind: 'text', text: 'Once' }, sampling: defaultSampling() } as const;
  void runs.collect(request, { lane: 'free', priority: 'person' });
  runs.stop(runId);
  await Promise.resolve();
  expect(ended).toMatchObject([{ runId, error: { code: 'cancelled' } }]);
  loaded();
  await new Promise((resolve) => setTimeout(resolve));
  expect(calls).toEqual([]);
});

describe('several chats at once', () => {
  test('the engine has one reply at a time; each chat gets its own', async () => {
    const first = await runs.send(null, 'Who spits?');
    const second = await runs.send(null, 'Who hums?');
    await settle();
    expect(generated.map(({ runId }) => runId)).toEqual([first.runId]);
    await runs.report({ type: 'done', runId: first.runId, text: 'Llamas.', stats, prompt: '' });
    await settle();
    expect(generated.map(({ runId }) => runId)).toEqual([first.runId, second.runId]);
    await runs.report({ type: 'done', runId: second.runId, text: 'Alpacas.', stats, prompt: '' });
    expect(texts(first.chatId)).toEqual(['Who spits?', 'Llamas.']);
    expect(texts(second.chatId)).toEqual(['Who hums?', 'Alpacas.']);
  });

  test('one that waits is cancelled without reaching the engine; the chat is free again', async () => {
    await runs.send(null, 'Who spits?');
    const { runId, chatId, messageId } = await runs.send(null, 'Who hums?');
    runs.stop(runId);
    await settle();
    expect(queries.findMessage(messageId).error).toBe('Stopped before the first word.');
    await finish('Llamas.');
    expect(generated).toHaveLength(1);
    await runs.regenerate(messageId);
    await finish('Alpacas.');
    expect(texts(chatId)).toEqual(['Who hums?', 'Alpacas.']);
  });

  test('an engine that dies takes the reply it wrote; the one that waited is written by the next engine', async () => {
    const first = await runs.send(null, 'Who spits?');
    const second = await runs.send(null, 'Who hums?');
    await settle();
    await runs.engineDied(new AppError({ code: 'engine-died', message: 'It died.' }));
    await finish('Alpacas.');
    expect(queries.findMessage(first.messageId).error).toBe('It died.');
    expect(texts(second.chatId)).toEqual(['Who hums?', 'Alpacas.']);
  });
});

describe('a reply that ends while the disk is full', () => {
  const endOnFullDisk = async () => {
    const { chatId, messageId } = await runs.send(null, 'Who spits?');
    isFull = true;
    await finish('Llamas do.');
    expect(texts(chatId)).toEqual(['Who spits?', '']);
    return { chatId, messageId };
  };
  beforeEach(
    () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true }),
  );
  afterEach(() => void vi.useRealTimers());

  test('is saved as soon as there is room', async () => {
    const { chatId } = await endOnFullDisk();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts(chatId)).toEqual(['Who spits?', '']);
    isFull = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(texts(chatId)).toEqual(['Who spits?', 'Llamas do.']);
  });

  test('is saved before the app ends, where there is room by then', async () => {
    const { chatId } = await endOnFullDisk();
    isFull = false;
    await runs.stopAll();
    expect(texts(chatId)).toEqual(['Who spits?', 'Llamas do.']);
  });

  test('leaves what the user has written in its place', async () => {
    const { chatId, messageId } = await endOnFullDisk();
    isFull = false;
    queries.editMessage(messageId, 'Camels.');
    const edited = texts(chatId);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts(chatId)).toEqual(edited);
  });
});

describe('attached files', () => {
  const block = 'File "wool.txt":\n```\nSuri wool is silky.\n```';
  const attach = (id: string) =>
    drafts.add(id, { kind: 'pasted', name: 'wool.txt', text: 'Suri wool is silky.' });
  const attached = (chatId: string) =>
    queries.openThread(chatId).messages.map(({ attachments }) => attachments.map(({ name }) => name));

  test('are saved with their message and stand before its text in every prompt', async () => {
    await attach('a');
    const { chatId } = await runs.send(null, 'What is silky?', ['a']);
    await finish('Suri.');
    expect(prompt()).toEqual([['user', `${block}\n\nWhat is silky?`]]);
    expect(texts(chatId)).toEqual(['What is silky?', 'Suri.']);
    expect(attached(chatId)).toEqual([['wool.txt'], []]);
    await runs.send(chatId, 'Sure?');
    await finish('Yes.');
    expect(prompt()[0]).toEqual(['user', `${block}\n\nWhat is silky?`]);
    await expect(runs.send(chatId, 'Again?', ['a'])).rejects.toMatchObject({ code: 'not-found' });
  });

  test('can be sent alone, and name the chat then', async () => {
    await attach('a');
    const { chatId } = await runs.send(null, '', ['a']);
    await finish('Nice.');
    expect(prompt()).toEqual([['user', block]]);
    expect(queries.listChats().find(({ id }) => id === chatId)!.title).toBe('wool.txt');
  });

  test('that do not fit are refused before anything is saved, and stay with the draft', async () => {
    await attach('a');
    plan = { ...plan, overTokens: 12 };
    await expect(runs.send(null, 'What?', ['a'])).rejects.toMatchObject({ code: 'prompt-too-long' });
    expect(queries.listChats()).toEqual([]);
    expect(drafts.find('a')).toBeDefined();
    expect(await planner.next(null, 'What?', drafts.all(['a']))).toMatchObject({ overTokens: 12 });
    expect(planned.at(-1)!.messages).toEqual([{ role: 'user', text: `${block}\n\nWhat?` }]);
  });

  test('stay with another version of their message', async () => {
    await attach('a');
    const { chatId } = await runs.send(null, 'What is silky?', ['a']);
    await finish('Suri.');
    await runs.resend(queries.openThread(chatId).messages[0]!.id, 'What is soft?');
    await finish('Suri.');
    expect(prompt()).toEqual([['user', `${block}\n\nWhat is soft?`]]);
    expect(attached(chatId)).toEqual([['wool.txt'], []]);
  });
});

describe('the levels of settings', () => {
  const sent = async () => {
    await settle();
    const { prompt: asked, sampling } = generated.at(-1)!;
    const system = (asked as ChatPrompt).messages.find(({ role }) => role === 'system')?.text ?? '';
    return { temperature: sampling.temperature, top_k: sampling.top_k, max: sampling.max_new_tokens, system };
  };

  test('a reply is made with what is in force for its chat, and no other chat gets anything of it', async () => {
    settings = { ...settings, systemPrompt: 'Be brief.', sampling: { temperature: 0.9, max_new_tokens: 50 } };
    const chatId = await talk();
    expect(await sent()).toEqual({ temperature: 0.9, top_k: 40, max: 50, system: 'Be brief.' });

    const model = { ...emptyLevel, sampling: { temperature: 0.5 } };
    settings = { ...settings, modelLevels: { [loaded.path]: model, '/other.gguf': emptyLevel } };
    const yara = (await presets.list()).find(({ name }) => name === 'Yara')!;
    const level = { presetId: yara.id, systemPrompt: 'You are a llama.', sampling: { temperature: 1.5 } };
    queries.setChatOptions(chatId, { level });
    await runs.send(chatId, 'And camels?');
    expect(await sent()).toEqual({ temperature: 1.5, top_k: 72, max: 50, system: 'You are a llama.' });
    await finish('They too.');

    queries.setChatOptions(chatId, { level: { ...level, sampling: {} } });
    await runs.regenerate(queries.openThread(chatId).messages.at(-1)!.id);
    expect(await sent()).toMatchObject({ temperature: 0.82, top_k: 72 });
    await finish('They do.');

    await runs.send(null, 'Who hums?');
    expect(await sent()).toEqual({ temperature: 0.5, top_k: 40, max: 50, system: 'Be brief.' });
    await finish('Alpacas.');
    settings = { ...settings, modelPath: '/other.gguf' };
    await runs.send(null, 'Who else?');
    expect(await sent()).toMatchObject({ temperature: 0.9, top_k: 40 });
  });

  test('the plan and going on follow them too', async () => {
    const chatId = await talk();
    const level = { ...emptyLevel, systemPrompt: 'You are a llama.', sampling: { max_new_tokens: 7 } };
    queries.setChatOptions(chatId, { level });
    planned = [];
    await planner.next(chatId, 'And camels?');
    expect(planned[0]?.messages[0]).toMatchObject({ role: 'system', text: 'You are a llama.' });
    await runs.continue(queries.openThread(chatId).messages[1]!.id);
    expect(await sent()).toMatchObject({ max: 7, system: 'You are a llama.' });
    await finish(' Always.');
  });

  test('a preset that is gone leaves the chat to the levels below', async () => {
    const own = await presets.create('Mine', { temperature: 2 });
    const chatId = await talk();
    queries.setChatOptions(chatId, { level: { ...emptyLevel, presetId: own.id } });
    await runs.send(chatId, 'And camels?');
    expect(await sent()).toMatchObject({ temperature: 2, top_k: 0 });
    await finish('They too.');
    await presets.remove(own.id);
    await runs.send(chatId, 'And goats?');
    expect(await sent()).toMatchObject({ temperature: 0.7, top_k: 40 });
  });
});

describe('a reply that the guard stopped', () => {
  const stopReply = async (
    trouble: { stopReason: 'loop' | 'self-talk'; troubleFrom: number },
    text: string,
  ) => {
    const { chatId, messageId } = await runs.send(null, 'Who hums?');
    await settle();
    const stopped = { ...stats, ...trouble };
    await runs.report({ type: 'done', runId: generated.at(-1)!.runId, text, stats: stopped, prompt: '' });
    return { chatId, messageId };
  };
  const guarded = () => generated.at(-1)?.isGuarded;

  test('is written again against its trouble, and only this once', async () => {
    const { messageId } = await stopReply({ stopReason: 'loop', troubleFrom: 6 }, 'Hum. Hum. Hum.');
    await runs.regenerate(messageId, true);
    await settle();
    expect(generated.at(-1)?.sampling).toMatchObject({ dry_multiplier: 0.8, repetition_penalty: 1.15 });
    await finish('Llamas.');
    await runs.regenerate(messageId);
    await settle();
    expect(generated.at(-1)?.sampling).toEqual(defaultSampling());
  });

  test('goes on unguarded where the user wants it; a place in its later text counts from its start', async () => {
    const { chatId, messageId } = await stopReply({ stopReason: 'loop', troubleFrom: 6 }, 'Hum. Hum.');
    expect(guarded()).toBe(true);
    await runs.continue(messageId, true);
    await settle();
    expect(guarded()).toBe(false);
    const again = { ...stats, stopReason: 'loop' as const, troubleFrom: 3 };
    const { runId } = generated.at(-1)!;
    await runs.report({ type: 'done', runId, text: ' Hum.', stats: again, prompt: '' });
    expect(queries.openThread(chatId).messages.at(-1)?.stats?.troubleFrom).toBe('Hum. Hum.'.length + 3);
  });

  test('is none where the guard is off', async () => {
    settings = { ...settings, guardReplies: false };
    await runs.send(null, 'Who hums?');
    await settle();
    expect(guarded()).toBe(false);
  });
});

describe('another way for a reply', () => {
  test('is a new version with its text up to there and other words, which is gone on with', async () => {
    const chatId = await talk();
    const reply = queries.openThread(chatId).messages[1]!;
    const run = await runs.fork(reply.id, 'Llamas'.length, ' never');
    await settle();
    expect(prompt()).toEqual([
      ['user', 'Who spits?'],
      ['assistant', 'Llamas never'],
    ]);
    await finish(' do.');
    expect(texts(chatId)).toEqual(['Who spits?', 'Llamas never do.']);
    expect(queries.openThread(chatId).messages[1]?.versionIds).toEqual([reply.id, run.messageId]);
    queries.selectVersion(reply.id);
    expect(texts(chatId)).toEqual(['Who spits?', 'Llamas do.']);
  });

  test('of an earlier reply leaves what came after it with the old version', async () => {
    const chatId = await talk();
    const reply = queries.openThread(chatId).messages[1]!;
    await runs.send(chatId, 'And alpacas?');
    await finish('They too.');
    await runs.fork(reply.id, 0, 'Nobody');
    await finish('.');
    expect(texts(chatId)).toEqual(['Who spits?', 'Nobody.']);
    queries.selectVersion(reply.id);
    expect(texts(chatId)).toEqual(['Who spits?', 'Llamas do.', 'And alpacas?', 'They too.']);
  });

  test('is refused where there is no such place, and when it does not fit; nothing is saved then', async () => {
    const chatId = await talk();
    const [question, reply] = queries.openThread(chatId).messages;
    await expect(runs.fork(reply!.id, 99, 'x')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(runs.fork(question!.id, 0, 'x')).rejects.toMatchObject({ code: 'bad-input' });
    plan = { ...plan, overTokens: 5 };
    await expect(runs.fork(reply!.id, 0, 'x')).rejects.toMatchObject({ code: 'prompt-too-long' });
    expect(queries.openThread(chatId).messages[1]?.versionIds).toHaveLength(1);
  });
});
