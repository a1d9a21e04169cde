/** KV states on disk with the real starter model: what comes back is exactly what was evaluated. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadModel, type EngineModel } from '../../../../main/engine/model.js';
import { generate } from '../../../../main/engine/session.js';
import { StateFiles } from '../../../../main/engine/state-files.js';
import { fileIdentity } from '../../../../main/engine/file-identity.js';
import { stateKey } from '../../../../main/engine/state-key.js';
import type { AppError } from '../../../../preload/contract/errors.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

const model = process.env['ALTIPLANO_STARTER_MODEL'] ?? '';
const home = mkdtempSync(join(tmpdir(), 'states-'));
const folder = join(home, 'states');
const files = new StateFiles(folder);
files.limit(1e9);
const problems: AppError[] = [];
let engine: EngineModel;

const load = () =>
  loadModel(
    { path: model, contextSize: 1024, threads: 1, gpuLayers: 0, kvType: 'f16', template: null },
    () => undefined,
    new AbortController().signal,
    { files, onProblem: (problem) => problems.push(problem) },
  );
beforeAll(async () => {
  engine = await load();
}, 60_000);
afterAll(async () => {
  await engine?.dispose();
  rmSync(home, { recursive: true });
});
beforeEach(async () => {
  files.clear();
  problems.length = 0;
  await engine.sequence.clearHistory();
});

const ask = async (text: string, incognito = false) => {
  const { text: reply, stats } = await generate(
    engine,
    {
      runId: 'test',
      prompt: { kind: 'chat', messages: [{ role: 'user', text }] },
      sampling: { ...defaultSampling(), temperature: 0, max_new_tokens: 6 },
      incognito,
    },
    { frame: () => undefined, checkpoint: () => undefined },
    new AbortController().signal,
  );
  return { reply, stats };
};
const facts = (name: string) =>
  Array.from({ length: 16 }, (_, index) => `${name} number ${index} weighs ${100 + index} kg.`).join(' ');
const llamas = `${facts('Llama')} How much does llama number 7 weigh?`;
const alpacas = `${facts('Alpaca')} How much does alpaca number 9 weigh?`;
/** What the raw model makes of the state, to the last bit that its probabilities have. */
const likeliest = async () => {
  const { sequence } = engine;
  const last = sequence.contextTokens.at(-1)!;
  await sequence.eraseContextTokenRanges([
    { start: sequence.nextTokenIndex - 1, end: sequence.nextTokenIndex },
  ]);
  const steps = sequence.evaluateWithMetadata(
    [last],
    { probabilities: true },
    { temperature: 1, topK: 50, seed: 1 },
  );
  const step = await steps.next();
  await steps.return();
  if (step.done === true) throw new Error('no token');
  return [...step.value.probabilities];
};

test('another chat, and back: only the end is read again, and the reply is the same', async () => {
  const first = await ask(llamas);
  expect(first.stats).toMatchObject({ reusedTokens: 0, reusedFrom: 'memory' });
  await ask(alpacas);
  const back = await ask(llamas);
  expect(back.reply).toBe(first.reply);
  expect(back.stats.reusedFrom).toBe('disk');
  expect(back.stats.reusedTokens).toBe(back.stats.promptTokens - 1);
  const again = await ask(llamas);
  expect(again.stats.reusedFrom).toBe('memory');
});

test('a restored state gives the very probabilities of the live one', async () => {
  await ask(llamas);
  const live = await likeliest();
  const tokens = engine.sequence.contextTokens;
  await engine.states!.save();
  await engine.sequence.clearHistory();
  expect(await engine.states!.prepare(tokens)).toBe('disk');
  expect(engine.sequence.contextTokens).toEqual(tokens);
  expect(await likeliest()).toEqual(live);
});

test('freeing the model keeps the chat for the next time it is loaded', async () => {
  const { reply, stats } = await ask(llamas);
  await engine.dispose();
  engine = await load();
  const back = await ask(llamas);
  expect(back.stats.reusedFrom).toBe('disk');
  expect(back.reply).toBe(reply);
  // A replay can still read the prompt as it was read first.
  expect(back.stats.origin).toEqual(stats.origin);
});

test('a damaged state is not loaded: the prompt is read as if there were none', async () => {
  const { reply } = await ask(llamas);
  await ask(alpacas);
  const path = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.state'))!,
  );
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
  const back = await ask(llamas);
  expect(back.stats.reusedFrom).toBe('memory');
  expect(back.reply).toBe(reply);
});

test('a file that llama.cpp refuses leaves a sound sequence behind', async () => {
  const { reply } = await ask(llamas);
  const tokens = engine.sequence.contextTokens;
  await engine.sequence.clearHistory();
  const key = keyOf(1024);
  await files.add({ key, tokens, batches: null }, 10, async (path) => writeFileSync(path, 'no state at all'));
  expect(files.list(key)).toHaveLength(1);
  const back = await ask(llamas);
  expect(back.stats.reusedFrom).toBe('memory');
  expect(back.reply).toBe(reply);
});

test('a short chat is not worth a file; a chat that goes on is written anew only when it grew', async () => {
  await ask('Hello.');
  await engine.states!.save();
  expect(files.usage().states).toBe(0);
  await ask(llamas);
  await engine.states!.keepUp();
  const kept = readdirSync(folder);
  expect(kept).toHaveLength(2);
  await ask(`${llamas} And number 8?`);
  await engine.states!.keepUp();
  expect(readdirSync(folder)).toEqual(kept);
});

test('a state that can’t be written is reported, and the run goes on', async () => {
  await ask(llamas);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file in the way');
  try {
    const { reply } = await ask(alpacas);
    expect(reply).not.toBe('');
    expect(problems).toHaveLength(1);
  } finally {
    rmSync(folder);
  }
});

const keyOf = (contextSize: number, path = model) =>
  stateKey(fileIdentity(path), {
    release: engine.model.llama.llamaCppRelease.release,
    gpu: null,
    contextSize,
    keyType: engine.sequence.context.kvCacheKeyType,
    valueType: engine.sequence.context.kvCacheValueType,
    flashAttention: engine.sequence.context.flashAttention,
  });

test('the key tells models and settings apart, not places', () => {
  expect(keyOf(512)).not.toBe(keyOf(1024));
  const copy = join(home, 'copy.gguf');
  copyFileSync(model, copy);
  expect(keyOf(1024, copy)).toBe(keyOf(1024));
  const bytes = readFileSync(copy);
  bytes.fill(0, bytes.length >> 1);
  writeFileSync(copy, bytes);
  expect(keyOf(1024, copy)).not.toBe(keyOf(1024));
});

test('of an incognito chat nothing is kept, by whatever way it ends; what was there before it is', async () => {
  const saved = () => readdirSync(folder).length;
  await ask(llamas);
  await ask(alpacas, true);
  const ofOthers = saved();
  expect(ofOthers).toBeGreaterThan(0);
  await engine.states!.save(0);
  await engine.states!.keepUp();
  expect(saved()).toBe(ofOthers);
  const other = await ask('Hello.');
  expect(other.stats.reusedTokens).toBe(0);
  await ask(alpacas, true);
  await engine.dispose();
  engine = await load();
  const again = await ask(alpacas);
  expect(again.stats.reusedTokens).toBeLessThan(60);
  expect((await ask(llamas)).stats.reusedFrom).toBe('disk');
});
