/** Perplexity with the real starter model, against another way to the same probabilities. */
import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { perplexity } from '../../../../main/engine/perplexity.js';
import { useStarterEngine } from '../../../fixtures/starter-engine.js';

/** The smallest context that llama.cpp makes. */
const contextSize = 512;
const window = contextSize - 1;
const stride = window >> 1;
const starter = useStarterEngine(contextSize);
const fluent =
  'The llama is a domesticated animal of South America. People of the Andes have used it as a pack animal for a ' +
  'long time, and they make clothes and blankets of its soft wool. Llamas live in herds and learn simple tasks.';
const shuffled = fluent
  .split(' ')
  .sort((a, b) => a.length - b.length || a.localeCompare(b))
  .join(' ');
const measure = (
  text: string,
  onProgress: (done: number, total: number) => void = () => undefined,
  signal = new AbortController().signal,
) => perplexity(starter.engine, text, onProgress, signal);

/** Asks for the whole distribution behind each token, one at a time. */
async function surpriseTokenByToken(tokens: readonly Token[], from: number): Promise<number> {
  const { sequence } = starter.engine;
  await sequence.clearHistory();
  await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, from - 1));
  const all = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1, yieldEogToken: true };
  const steps = sequence.evaluateWithMetadata([tokens[from - 1]!], { probabilities: true }, all);
  let sum = 0;
  for (let at = from; at < tokens.length; at++) {
    const step = await steps.next(tokens[at - 1]!);
    if (step.done === true) throw new Error('the model ended the text');
    sum -= Math.log(step.value.probabilities.get(tokens[at]!)!);
  }
  await steps.return();
  return sum;
}

test('is what the probabilities of the tokens make, and lower for fluent text than for its words in disorder', async () => {
  const { vocabulary } = starter.engine;
  const tokens = vocabulary.tokenize(fluent);
  const measured = await measure(fluent);
  expect(measured).toMatchObject({ tokens: tokens.length - 1, window });
  const expected = Math.exp((await surpriseTokenByToken(tokens, 1)) / (tokens.length - 1));
  // llama.cpp rounds otherwise for one token at a time than for many.
  expect(measured.perplexity / expected).toBeCloseTo(1, 1);
  expect((await measure(shuffled)).perplexity).toBeGreaterThan(measured.perplexity * 3);
});

test('the other way gives what llama.cpp’s own program gives', async () => {
  const tokens = starter.engine.vocabulary.tokenize(`${fluent} `.repeat(12).trim());
  let sum = 0;
  for (const chunk of [0, 1, 2, 3]) {
    // It counts the second half of each chunk.
    sum += await surpriseTokenByToken(tokens.slice(chunk * 128, (chunk + 1) * 128), 65);
  }
  // llama-perplexity of the bundled release, -c 128, on this text: 1.2384 over 4 chunks.
  expect(Math.exp(sum / (4 * 63))).toBeCloseTo(1.2384, 1);
});

test('a text longer than the window is measured to its end, each token once, with half a window before it', async () => {
  const { model, vocabulary } = starter.engine;
  const text = model.detokenize(vocabulary.tokenize(`${fluent} `.repeat(17)).slice(0, window + 40));
  const tokens = vocabulary.tokenize(text);
  expect(tokens).toHaveLength(window + 40);
  const progress: number[] = [];
  const measured = await measure(text, (done) => progress.push(done));
  expect(measured.tokens).toBe(tokens.length - 1);
  expect(progress.at(-1)).toBe(tokens.length - 1);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  // The first window and what the second one adds, by the other way, make the whole.
  const before = await measure(model.detokenize(tokens.slice(0, window)));
  const rest = await surpriseTokenByToken(tokens.slice(stride), window - stride);
  const whole = Math.log(before.perplexity) * before.tokens + rest;
  expect(Math.log(measured.perplexity)).toBeCloseTo(whole / measured.tokens, 1);
});

test('stops when asked, refuses what has nothing to predict, and leaves a sound cache', async () => {
  const stopping = new AbortController();
  const stopped = measure(`${fluent} `.repeat(12), () => stopping.abort(), stopping.signal);
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  await expect(measure('a')).rejects.toMatchObject({ code: 'bad-input' });
  const { text } = await starter.reply('What is the capital of France?', {
    temperature: 0,
    max_new_tokens: 12,
  });
  expect(text).toContain('Paris');
});
