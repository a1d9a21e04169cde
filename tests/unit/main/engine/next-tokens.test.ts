/** What may come next, with the real starter model. */
import { expect, test } from 'vitest';
import { nextTokens } from '../../../../main/engine/next-tokens.js';
import { defaultSampling, type Sampling } from '../../../../preload/contract/parameters.js';
import type { Candidate } from '../../../../preload/contract/tokens.js';
import { greedy, useStarterEngine } from '../../../fixtures/starter-engine.js';

const starter = useStarterEngine();
const note = { kind: 'text' as const, text: 'The capital of France is' };
const ask = (sampling: Partial<Sampling> = {}, prompt: Parameters<typeof nextTokens>[1] = note) =>
  nextTokens(starter.engine, prompt, { ...defaultSampling(), seed: 1, ...sampling });
const sum = (candidates: readonly Candidate[]) =>
  candidates.reduce((total, { probability }) => total + probability, 0);

test('the likeliest one is what the model writes; probabilities fall, and are no more than 1 in all', async () => {
  const { raw } = await ask();
  expect(raw).toHaveLength(25);
  const shares = raw.map(({ probability }) => probability);
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  expect(sum(raw)).toBeLessThanOrEqual(1);
  expect(sum(raw)).toBeGreaterThan(0.5);
  const { text } = await starter.reply(note, { ...greedy, max_new_tokens: 1 });
  expect(raw[0]).toMatchObject({ text, isText: true });
  expect(text).toBe(' Paris');
});

test('in a chat the prompt is the template’s', async () => {
  const prompt = { kind: 'chat' as const, messages: [{ role: 'user' as const, text: 'Say yes.' }] };
  const { raw } = await ask({}, prompt);
  const { text } = await starter.reply(prompt, { ...greedy, max_new_tokens: 1 });
  expect(raw[0]?.text).toBe(text);
});

test('nothing to change: the same before and after the samplers', async () => {
  const neutral = { temperature: 1, top_p: 1, top_k: 0, min_p: 0, repetition_penalty: 1 };
  const { raw, sampled } = await ask(neutral);
  expect(sampled.map(({ token }) => token)).toEqual(raw.map(({ token }) => token));
  sampled.forEach(({ probability }, index) => expect(probability).toBeCloseTo(raw[index]!.probability, 3));
});

test.each([
  ['llama.cpp’s samplers', {}],
  ['our samplers', { epsilon_cutoff: 0.01 }],
])('cutoffs, bans and penalties show, by %s', async (_way, more) => {
  const sharp = { temperature: 1, top_k: 3, top_p: 1, min_p: 0, repetition_penalty: 1, ...more };
  const { raw, sampled } = await ask(sharp);
  expect(sampled.map(({ token }) => token)).toEqual(raw.slice(0, 3).map(({ token }) => token));
  expect(sum(sampled)).toBeCloseTo(1, 5);
  const banned = await ask({ ...sharp, custom_token_bans: String(raw[0]!.token) });
  expect(banned.raw).toEqual(raw);
  expect(banned.sampled.map(({ token }) => token)).toEqual(raw.slice(1, 4).map(({ token }) => token));
  const grammar = await ask({ ...sharp, grammar_string: 'root ::= " Lyon" | " London"' });
  expect(grammar.sampled.every(({ text }) => ' Lyon'.startsWith(text) || ' London'.startsWith(text))).toBe(
    true,
  );
});

test('a greedy choice leaves one token, and asking twice changes nothing', async () => {
  const first = await ask(greedy);
  expect(first.sampled).toEqual([{ ...first.raw[0], probability: 1 }]);
  expect(await ask(greedy)).toEqual(first);
});
