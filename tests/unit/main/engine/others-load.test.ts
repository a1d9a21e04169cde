import { expect, test } from 'vitest';
import { watchOthers } from '../../../../main/engine/others-load.js';

test('what others used since the last answer, without our own share', () => {
  const now = { atMs: 0, busyMs: 5000, ownMs: 100 };
  const others = watchOthers(() => ({ ...now }));
  now.atMs = 1000;
  now.busyMs = 7500;
  now.ownMs = 1100;
  expect(others()).toBe(1.5);
  now.atMs = 2000;
  now.busyMs = 9500;
  now.ownMs = 3100;
  expect(others()).toBe(0);
});

test('a time too short to tell is not lost for the next answer', () => {
  const now = { atMs: 0, busyMs: 0, ownMs: 0 };
  const others = watchOthers(() => ({ ...now }));
  now.atMs = 50;
  now.busyMs = 50;
  expect(others()).toBeNull();
  now.atMs = 500;
  now.busyMs = 500;
  expect(others()).toBe(1);
});

test('this machine has something to tell', async () => {
  const others = watchOthers();
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(others()).toBeGreaterThanOrEqual(0);
});
