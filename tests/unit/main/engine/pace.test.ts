import { expect, test } from 'vitest';
import { Pace, wait } from '../../../../main/engine/pace.js';

test('tokens are spread so that no second holds more than the limit', () => {
  const pace = new Pace(4);
  let nowMs = 1000;
  const times: number[] = [];
  for (let token = 0; token < 9; token++) {
    nowMs += pace.delayMs(token, nowMs);
    times.push(nowMs);
    nowMs += 10;
  }
  expect(times).toEqual([1000, 1250, 1500, 1750, 2000, 2250, 2500, 2750, 3000]);
});

test('a slow model is not slowed further, and 0 is no limit', () => {
  const pace = new Pace(4);
  expect(pace.delayMs(0, 0)).toBe(0);
  expect(pace.delayMs(1, 300)).toBe(0);
  expect(new Pace(0).delayMs(100, 0)).toBe(0);
});

test('what the sleep of the machine missed is not made up for', () => {
  const pace = new Pace(4);
  expect(pace.delayMs(0, 0)).toBe(0);
  expect(pace.delayMs(1, 0)).toBe(250);
  // Eight hours later.
  const wokeMs = 8 * 3_600_000;
  expect(pace.delayMs(2, wokeMs)).toBe(0);
  expect(pace.delayMs(3, wokeMs)).toBe(250);
  expect(pace.delayMs(4, wokeMs + 300)).toBe(200);
});

test('stop ends the waiting', async () => {
  const stopping = new AbortController();
  const waiting = wait(1e9, stopping.signal);
  stopping.abort();
  await waiting;
  await wait(1e9, stopping.signal);
});
