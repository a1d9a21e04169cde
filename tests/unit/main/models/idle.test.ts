import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleTimer } from '../../../../main/models/idle.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const state = { minutes: 30, busy: false };
  const unloads: number[] = [];
  const timer = new IdleTimer({
    minutes: () => state.minutes,
    isBusy: () => state.busy,
    onIdle: (minutes) => unloads.push(minutes),
  });
  const pass = (minutes: number) => vi.advanceTimersByTime(minutes * 60_000);
  return { state, unloads, timer, pass };
}

test('unloads once, so many minutes after the last use', () => {
  const { unloads, timer, pass } = setUp();
  timer.used();
  pass(20);
  timer.used();
  pass(29);
  expect(unloads).toEqual([]);
  pass(1);
  expect(unloads).toEqual([30]);
  pass(600);
  expect(unloads).toEqual([30]);
});

test('never while a run goes on or waits, however long it takes', () => {
  const { state, unloads, timer, pass } = setUp();
  timer.used();
  state.busy = true;
  pass(300);
  expect(unloads).toEqual([]);
  state.busy = false;
  pass(30);
  expect(unloads).toEqual([30]);
});

test('0 means never; another number of minutes counts from when it was set', () => {
  const { state, unloads, timer, pass } = setUp();
  state.minutes = 0;
  timer.used();
  pass(10_000);
  state.minutes = 5;
  timer.used();
  pass(5);
  state.minutes = 0;
  timer.used();
  pass(10_000);
  expect(unloads).toEqual([5]);
});

test('the time while the machine sleeps does not count', () => {
  const { unloads, timer, pass } = setUp();
  timer.used();
  pass(20);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  pass(10);
  expect(unloads).toEqual([]);
  pass(29);
  expect(unloads).toEqual([]);
  pass(1);
  expect(unloads).toEqual([30]);
});
