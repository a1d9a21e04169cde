/** What each sampler leaves, with the real starter model, and what it costs to ask again. */
import { expect, test, vi } from 'vitest';
import { nextTokens } from '../../../../main/engine/next-tokens.js';
import { StageBench } from '../../../../main/engine/stage-bench.js';
import type { Prompt } from '../../../../preload/contract/engine.js';
import { defaultSampling, neutralSampling, type Sampling } from '../../../../preload/contract/parameters.js';
import { useStarterEngine } from '../../../fixtures/starter-engine.js';

const starter = useStarterEngine();
const neutral = { ...neutralSampling(defaultSampling()), seed: 1 };
const prompt: Prompt = {
  kind: 'chat',
  messages: [{ role: 'user', text: 'Name the capital of France in one word.' }],
};
const ask = (
  bench: StageBench,
  sampling: Partial<Sampling>,
  asked: Prompt = prompt,
  signal = new AbortController().signal,
) =>
  bench.shares(
    { prompt: asked, sampling: { ...neutral, ...sampling }, incognito: false },
    () => undefined,
    signal,
  );

test('each sampler in use is a stage, in its order; what is left only shrinks, and is what replies are drawn from', async () => {
  const bench = new StageBench(starter.engine);
  const sampling = { temperature: 0.8, top_k: 40, top_p: 0.9, repetition_penalty: 1.1 };
  const { stages, promptTokens, evaluatedTokens } = await ask(bench, sampling);
  expect(stages.map(({ stage }) => stage)).toEqual([
    ...['model', 'repetition_penalty', 'top_k', 'top_p', 'temperature'],
  ]);
  const left = stages.map((stage) => stage.left);
  expect(left[0]).toBe(starter.engine.vocabulary.size);
  expect(left.slice(2)).toEqual([40, left[3], left[3]]);
  expect(left[3]).toBeLessThan(40);
  for (const { top } of stages) {
    const shares = top.map(({ probability }) => probability);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  }
  expect(promptTokens).toBeGreaterThan(10);
  expect(evaluatedTokens).toBeGreaterThan(0);
  const { raw, sampled } = await nextTokens(starter.engine, prompt, { ...neutral, ...sampling });
  expect(stages[0]!.top.map(({ token }) => token)).toEqual(raw.slice(0, 12).map(({ token }) => token));
  const last = stages.at(-1)!.top;
  expect(last.map(({ token }) => token)).toEqual(sampled.slice(0, 12).map(({ token }) => token));
  last.forEach(({ probability }, at) => expect(probability).toBeCloseTo(sampled[at]!.probability, 3));
});

test('however often a slider moves, the model evaluates once; another prompt is read', async () => {
  const bench = new StageBench(starter.engine);
  await ask(bench, {});
  const { sequence } = starter.engine;
  const evaluations = [
    vi.spyOn(sequence, 'evaluate'),
    vi.spyOn(sequence, 'evaluateWithoutGeneratingNewTokens'),
    vi.spyOn(sequence, 'controlledEvaluate'),
  ];
  const calls = () => evaluations.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  for (let temperature = 0.1; temperature < 2; temperature += 0.1) {
    const { evaluatedTokens, stages } = await ask(bench, { temperature, min_p: temperature / 4 });
    expect(evaluatedTokens).toBe(0);
    expect(stages.map(({ stage }) => stage)).toContain('min_p');
  }
  expect(calls()).toBe(0);
  const other: Prompt = { kind: 'chat', messages: [{ role: 'user', text: 'Say hello.' }] };
  expect((await ask(bench, {}, other)).evaluatedTokens).toBeGreaterThan(0);
  expect(calls()).toBeGreaterThan(0);
  vi.restoreAllMocks();
});

test('bans, a grammar, guidance and a greedy choice are stages of their own; each is computed once', async () => {
  const bench = new StageBench(starter.engine);
  const first = (await ask(bench, {})).stages[0]!.top[0]!.token;
  const banned = await ask(bench, { custom_token_bans: String(first), temperature: 0 });
  expect(banned.stages.map(({ stage }) => stage)).toEqual(['model', 'demands', 'likeliest']);
  expect(banned.stages[1]!.top.map(({ token }) => token)).not.toContain(first);
  expect(banned.stages[2]).toMatchObject({ left: 1, top: [{ probability: 1 }] });
  const grammar = { grammar_string: 'root ::= "yes" | "no"' };
  const { stages, evaluatedTokens } = await ask(bench, grammar);
  expect(evaluatedTokens).toBe(1);
  expect(stages[1]!.top.every(({ text }) => 'yes'.startsWith(text) || 'no'.startsWith(text))).toBe(true);
  expect((await ask(bench, { ...grammar, top_k: 1 })).evaluatedTokens).toBe(0);
  const guidance = { guidance_scale: 1.5, negative_prompt: 'You answer in French.' };
  const once = await ask(bench, guidance);
  expect(once.stages.map(({ stage }) => stage)).toEqual(['model', 'guidance']);
  expect(once.evaluatedTokens).toBeGreaterThan(0);
  expect((await ask(bench, { ...guidance, guidance_scale: 2 })).evaluatedTokens).toBe(0);
});

test('stopped while it reads, it keeps nothing half', async () => {
  const bench = new StageBench(starter.engine);
  const long: Prompt = { kind: 'text', text: 'A llama climbs. '.repeat(60) };
  await expect(ask(bench, {}, long, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  expect((await ask(bench, {}, long)).promptTokens).toBeGreaterThan(200);
});
