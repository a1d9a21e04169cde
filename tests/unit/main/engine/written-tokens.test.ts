/** What the model gave each token of a reply, with the real starter model. */
import { expect, test } from 'vitest';
import { nextTokens } from '../../../../main/engine/next-tokens.js';
import { defaultSampling, type Sampling } from '../../../../preload/contract/parameters.js';
import type { WrittenToken } from '../../../../preload/contract/tokens.js';
import { greedy, useStarterEngine } from '../../../fixtures/starter-engine.js';

const starter = useStarterEngine();
const note = { kind: 'text' as const, text: 'The capital of France is' };

async function write(sampling: Partial<Sampling>, topTokens = 3) {
  const tokens: WrittenToken[] = [];
  let streamed = '';
  const { text, stats } = await starter.reply(
    note,
    { ...greedy, max_new_tokens: 12, ...sampling },
    {
      topTokens,
      onFrame: (frame) => {
        if (frame.kind !== 'text') return;
        streamed += frame.text;
        tokens.push(...(frame.tokens ?? []));
      },
    },
  );
  expect(streamed).toBe(text);
  return { text, stats, tokens };
}
const said = (tokens: readonly WrittenToken[]) => tokens.map(({ text }) => text).join('');

test('each token comes with the likeliest at its place, and the text is as without', async () => {
  const { text, tokens, stats } = await write({});
  const plain = await starter.reply(note, { ...greedy, max_new_tokens: 12 });
  expect(text).toBe(plain.text);
  expect(tokens).toHaveLength(stats.tokens);
  expect(said(tokens)).toBe(text);
  expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes)).toString()).toBe(text);
  for (const { top, ...token } of tokens) {
    // Greedy: the likeliest one is written.
    expect(top).toHaveLength(3);
    expect(top[0]).toEqual(token);
    const shares = top.map(({ logprob }) => Math.exp(logprob));
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share)).toBeLessThanOrEqual(1);
  }
});

test('they are the model’s own, whatever the samplers leave', async () => {
  const { raw } = await nextTokens(starter.engine, note, defaultSampling());
  const { tokens } = await write({ temperature: 2, top_k: 2, repetition_penalty: 1.5, seed: 3 }, 5);
  tokens[0]!.top.forEach(({ text, logprob }, at) => {
    expect(text).toBe(raw[at]!.text);
    expect(Math.exp(logprob)).toBeCloseTo(raw[at]!.probability, 3);
  });
});

test('nothing is told of a stop string, or of what was taken back', async () => {
  const whole = await write({});
  const stop = whole.text.slice(8, 11);
  const stopped = await write({ custom_stopping_strings: JSON.stringify([stop]) });
  expect(stopped.stats.stopReason).toBe('stop-string');
  expect(stopped.text.startsWith(said(stopped.tokens))).toBe(true);
  expect(said(stopped.tokens)).not.toContain(stop);

  const banned = await write({ banned_strings: JSON.stringify(['United']) });
  expect(banned.text).not.toBe(whole.text);
  expect(said(banned.tokens)).toBe(banned.text);
  expect(banned.tokens).toHaveLength(banned.stats.tokens);
});

test('0 tells the written ones alone, and a reply nobody asks it of has none', async () => {
  const { tokens, text } = await write({}, 0);
  expect(said(tokens)).toBe(text);
  expect(tokens.every(({ top }) => top.length === 0)).toBe(true);
  const frames: unknown[] = [];
  await starter.reply(note, greedy, { onFrame: (frame) => 'tokens' in frame && frames.push(frame) });
  expect(frames).toEqual([]);
});

test('a character of several tokens has all its bytes', async () => {
  const prompt = { kind: 'text' as const, text: 'Write: ' };
  const tokens: WrittenToken[] = [];
  const { text } = await starter.reply(
    prompt,
    { ...greedy, max_new_tokens: 40, grammar_string: 'root ::= "🦙é"' },
    { topTokens: 0, onFrame: (frame) => frame.kind === 'text' && tokens.push(...(frame.tokens ?? [])) },
  );
  expect(text).toBe('🦙é');
  expect(tokens.length).toBeGreaterThan(2);
  expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes)).toString()).toBe('🦙é');
});
