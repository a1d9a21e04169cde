/**
 * Guessing ahead: the text stays the same, and takes fewer steps. With small models of random weights, whose numbers are
 * whole enough that a step of several tokens rounds as steps of one do.
 */
import type { ReplyStats } from '../../../../../preload/contract/chats.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Token } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DraftModel } from '../../../../../main/engine/guessing/draft-model.js';
import { loadModel, type EngineModel } from '../../../../../main/engine/model.js';
import { generate } from '../../../../../main/engine/session.js';
import { defaultSampling, type Sampling } from '../../../../../preload/contract/parameters.js';
import { shapes, writeRandomLlama } from '../../../../fixtures/random-llama.js';

const home = mkdtempSync(join(tmpdir(), 'guessing-'));
const file = (name: string) => join(home, `${name}.gguf`);
const shape = { ...shapes.tiny, weights: 'F32' } as const;
const draftTokens = 4;
const load = (name: string, draft?: string) =>
  loadModel(
    {
      ...{ path: file(name), contextSize: 256, threads: 1, gpuLayers: 0, kvType: 'f16', template: null },
      ...(draft !== undefined && { draft: { path: file(draft), tokens: draftTokens } }),
    },
    () => undefined,
    new AbortController().signal,
  );

const loaded: EngineModel[] = [];
/** With itself as its draft, which is always right; with another one, which seldom is; with none. */
const engines = {} as Record<'knowing' | 'clueless' | 'alone', EngineModel>;
beforeAll(async () => {
  await writeRandomLlama(file('target'), shape, 3);
  await writeRandomLlama(file('other'), shape, 7);
  await writeRandomLlama(file('foreign'), { ...shape, vocabulary: 600 }, 3);
  const [target, twin, other] = [await load('target'), await load('target'), await load('other')];
  loaded.push(target, twin, other);
  engines.alone = target;
  // A model of random weights is sure of nothing.
  engines.knowing = { ...target, draft: new DraftModel(twin.sequence, draftTokens, 0) };
  engines.clueless = { ...target, draft: new DraftModel(other.sequence, draftTokens, 0) };
}, 60_000);
afterAll(async () => {
  for (const engine of loaded) await engine.dispose();
  rmSync(home, { recursive: true });
});

const write = (
  engine: EngineModel,
  sampling: Partial<Sampling> = {},
  text = 'once upon a time',
  signal = new AbortController().signal,
  onFrame: () => void = () => undefined,
) =>
  generate(
    engine,
    {
      runId: 'test',
      prompt: { kind: 'text', text },
      sampling: {
        ...defaultSampling(),
        temperature: 0,
        repetition_penalty: 1,
        max_new_tokens: 60,
        ...sampling,
      },
    },
    { frame: onFrame, checkpoint: () => undefined },
    signal,
  );

test.each<Partial<Sampling>>([
  {},
  { repetition_penalty: 1.3, repetition_penalty_range: 64, frequency_penalty: 0.2 },
])('the likeliest text is the same with guesses and without: %o', async (sampling) => {
  const { text, stats } = await write(engines.alone, sampling);
  expect(stats).toMatchObject({ guessesMade: 0, guessesTaken: 0 });
  await expectEach(sampling, text, stats);
});

test.each<Partial<Sampling>>([
  { temperature: 0.6, seed: 5 },
  { temperature: 0.6, seed: 5, repetition_penalty: 1.1, xtc_probability: 0.5 },
])('a seed writes the same text, whoever guesses and however often that is right: %o', async (sampling) => {
  const { text, stats } = await write(engines.knowing, sampling);
  await expectEach(sampling, text, stats);
});

/** Every way of guessing writes this text in so many tokens. */
async function expectEach(sampling: Partial<Sampling>, text: string, stats: ReplyStats): Promise<void> {
  for (const engine of [engines.knowing, engines.clueless]) {
    for (const prompt_lookup_num_tokens of [0, 6]) {
      const guessed = await write(engine, { ...sampling, prompt_lookup_num_tokens });
      expect(guessed.text).toBe(text);
      expect(guessed.stats).toMatchObject({ tokens: stats.tokens, contextUsed: stats.contextUsed });
      expect(guessed.stats.guessesMade).toBeGreaterThan(0);
    }
  }
}

test('a draft that is always right spares four steps of five', async () => {
  const { stats } = await write(engines.knowing);
  expect(stats.guessesTaken).toBe(stats.guessesMade);
  expect(stats.guessesMade).toBeGreaterThanOrEqual(
    (stats.tokens * draftTokens) / (draftTokens + 1) - draftTokens,
  );
  const clueless = await write(engines.clueless);
  expect(clueless.stats.guessesTaken).toBeLessThan(clueless.stats.guessesMade / 2);
});

test('a passage that repeats is guessed without a draft', async () => {
  const { stats } = await write(engines.alone, { prompt_lookup_num_tokens: 6 });
  expect(stats.guessesMade).toBeGreaterThan(0);
});

test('another seed gives another text', async () => {
  const one = await write(engines.knowing, { temperature: 0.6, seed: 5 });
  expect((await write(engines.knowing, { temperature: 0.6, seed: 6 })).text).not.toBe(one.text);
});

test('wrong guesses leave nothing in the cache', async () => {
  await write(engines.clueless);
  const { sequence } = engines.clueless;
  const tokens = sequence.contextTokens;
  const goOn = async () => {
    const next: Token[] = [];
    for await (const token of sequence.evaluate([tokens[0]!], { temperature: 0 })) {
      if (next.push(token) === 8) break;
    }
    return next;
  };
  const evaluated = engines.clueless.batchLog.batches ?? [];
  expect(evaluated.reduce((sum, [kept, , times]) => sum + kept * times, 0)).toBe(tokens.length);
  const after = await goOn();
  await sequence.clearHistory();
  await sequence.evaluateWithoutGeneratingNewTokens(tokens);
  expect(await goOn()).toEqual(after);
});

test('a context that fills up ends the reply where it does without guesses', async () => {
  const alone = await write(engines.alone, { max_new_tokens: 0 });
  const guessed = await write(engines.knowing, { max_new_tokens: 0, prompt_lookup_num_tokens: 10 });
  expect(alone.stats.stopReason).toBe('context-full');
  expect(guessed.stats).toMatchObject({ stopReason: 'context-full', tokens: alone.stats.tokens });
});

test('stop while guesses wait to be taken: at most one more token comes', async () => {
  const stopping = new AbortController();
  const { stats } = await write(engines.knowing, {}, 'once upon a time', stopping.signal, () => {
    if (engines.knowing.sequence.nextTokenIndex > 0) stopping.abort();
  });
  expect(stats.stopReason).toBe('stopped');
  expect(stats.tokens).toBeLessThanOrEqual(2);
});

test('our own samplers, grammars and bans go without guesses', async () => {
  for (const demand of [
    { typical_p: 0.9, temperature: 0.8 },
    { grammar_string: 'root ::= [a-z]+' },
    { custom_token_bans: '7' },
  ]) {
    const { stats } = await write(engines.knowing, {
      ...demand,
      prompt_lookup_num_tokens: 4,
      max_new_tokens: 4,
    });
    expect(stats.guessesMade).toBe(0);
  }
});

test('a draft model of another vocabulary, or none, is left out, and the reason is told', async () => {
  const foreign = await load('target', 'foreign');
  expect(foreign.info.draft).toEqual({
    name: 'foreign',
    problem: 'Its vocabulary is not that of the model.',
  });
  expect(foreign.draft).toBeNull();
  await foreign.dispose();
  const missing = await load('target', 'gone');
  expect(missing.info.draft?.problem).toContain('not there');
  await missing.dispose();
});
