import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchLog } from '../../../../main/engine/batch-log.js';

test('batches in order, with those of one token together', () => {
  const log = new BatchLog(() => 2);
  log.add(128);
  log.add(30);
  for (let token = 0; token < 5; token++) log.add(1);
  expect(log.batches).toEqual([
    [128, 128, 1, 2],
    [30, 30, 1, 2],
    [1, 1, 5, 2],
  ]);
});

test('of a batch that was cut, its size is kept', () => {
  const log = new BatchLog(() => 2);
  log.add(128);
  log.cut(100);
  log.add(10);
  log.cut(50);
  expect(log.batches).toEqual([[50, 128, 1, 2]]);
  log.cut(0);
  expect(log.batches).toEqual([]);
});

test('tokens that were computed with other threads stand apart', () => {
  let threads = 2;
  const log = new BatchLog(() => threads);
  log.add(1);
  threads = 1;
  log.add(1);
  log.add(1);
  expect(log.batches).toEqual([
    [1, 1, 1, 2],
    [1, 1, 2, 1],
  ]);
  // Kept by an earlier version, without threads.
  log.restore([[8, 8, 1]]);
  log.cut(4);
  expect(log.batches).toEqual([[4, 8, 1, undefined]]);
});

test('what grew without a word is not known, until all is gone', () => {
  const log = new BatchLog(() => 2);
  log.add(5);
  log.cut(9);
  log.add(3);
  expect(log.batches).toBeNull();
  log.cut(0);
  log.add(3);
  expect(log.batches).toEqual([[3, 3, 1, 2]]);
});

test('any order of adding and cutting keeps the length, and no batch more than its size', () => {
  const step = fc.oneof(
    fc.record({ add: fc.constantFrom(1, 1, 1, 7, 128) }),
    fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const log = new BatchLog(() => 2);
      let length = 0;
      for (const one of steps) {
        if ('add' in one) {
          log.add(one.add);
          length += one.add;
        } else {
          length = Math.floor(length * one.keep);
          log.cut(length);
        }
      }
      const batches = log.batches!;
      expect(batches.reduce((sum, [kept, , times]) => sum + kept * times, 0)).toBe(length);
      for (const [kept, size, times] of batches) {
        expect(kept).toBeLessThanOrEqual(size);
        expect(Math.min(kept, times)).toBeGreaterThan(0);
      }
    }),
  );
});
