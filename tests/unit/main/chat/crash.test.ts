/** The app's own saving in real processes that are killed 200 times; `npm run bench -- crash` prints what it found. */
import { expect, test } from 'vitest';
import { crashDrill, wordsPerSecond } from '../../../fixtures/crash-drill.mjs';

test('kill -9 at 200 random moments: all chats are there, and at most the last second of one reply is missing', async () => {
  const { kills, chats, replies, missingWords, problems } = await crashDrill({ kills: 200, seed: 1 });
  expect(problems).toEqual([]);
  expect(kills).toBe(200);
  expect(chats).toBeGreaterThan(100);
  expect(replies).toBeGreaterThan(chats);
  expect(Math.max(...missingWords)).toBeLessThanOrEqual(wordsPerSecond);
  // It was killed while it wrote: a drill in which nothing is ever missing drills nothing.
  expect(missingWords.filter((words) => words > 0).length).toBeGreaterThan(50);
}, 300_000);
