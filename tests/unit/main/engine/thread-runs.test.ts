import { expect, test } from 'vitest';
import { ThreadRuns } from '../../../../main/engine/thread-runs.js';
import { useStarterEngine } from '../../../fixtures/starter-engine.js';

const starter = useStarterEngine(1024, 0);

test('takes down with how many threads each step was computed', () => {
  const threads = new ThreadRuns();
  expect(threads.next).toBeUndefined();
  for (const count of [2, 2, 1, 1, 1, 2]) threads.add(count);
  expect(threads.runs).toEqual([
    [2, 2],
    [1, 3],
    [2, 1],
  ]);
});

test('gives those of another time, step by step, and then none', () => {
  const threads = new ThreadRuns([
    [2, 1],
    [1, 2],
  ]);
  const given = Array.from({ length: 4 }, () => {
    const { next } = threads;
    threads.add(next ?? 4);
    return next;
  });
  expect(given).toEqual([2, 1, 1, undefined]);
});

test('a reply comes again with the threads that it was written with, whatever helps now', async () => {
  const prompt = `Go on. ${'The llama walked on. '.repeat(12)}`;
  const wild = { temperature: 1.3, top_k: 0, max_new_tokens: 20, seed: 5 };
  const alone = await starter.reply(prompt, wild, { threads: [[1, 1000]] });
  const { batches, threads } = alone.stats.origin!;
  expect(threads).toEqual([[1, alone.stats.tokens]]);
  await starter.reply('Something else, so that nothing of the cache is left.', { max_new_tokens: 1 });
  const again = await starter.reply(prompt, wild, { batches: batches!, threads });
  expect(again.stats.origin).toEqual(alone.stats.origin);
  expect(again.text).toBe(alone.text);
});
