import { expect, test } from 'vitest';
import {
  bestState,
  commonPrefix,
  overBudget,
  superseded,
  unsavedTokens,
  worthTokens,
  type SavedState,
} from '../../../../main/engine/state-index.js';

const range = (from: number, length: number) => Array.from({ length }, (_, index) => from + index);
const state = (id: string, tokens: number[], { sizeBytes = 1, usedAtMs = 0 } = {}): SavedState => ({
  ...{ id, key: 'key', tokens, batches: null, sizeBytes, usedAtMs },
});

test('lists share what is equal from the first on', () => {
  expect(commonPrefix([1, 2, 3], [1, 2, 4])).toBe(2);
  expect(commonPrefix([], [1])).toBe(0);
  expect(commonPrefix([1, 2], [1, 2, 3])).toBe(2);
});

test('the state that spares most of the prompt is taken', () => {
  const prompt = range(0, 1000);
  const short = state('short', range(0, 300));
  const long = state('long', [...range(0, 900), 7, 7, 7]);
  const other = state('other', range(5, 900));
  expect(bestState([short, other, long], prompt, 0)).toBe(long);
  expect(bestState([other], prompt, 0)).toBeNull();
  // What is in memory needs no loading.
  expect(bestState([short, long], prompt, 800)).toBeNull();
});

test('a long state is not loaded for a short beginning', () => {
  const prompt = range(0, 500);
  expect(bestState([state('long', [...range(0, 400), ...range(9000, 6000)])], prompt, 0)).toBeNull();
  expect(bestState([state('long', [...range(0, 400), ...range(9000, 600)])], prompt, 0)?.id).toBe('long');
});

test('what no state holds is unsaved', () => {
  const tokens = range(0, 1000);
  expect(unsavedTokens([], tokens)).toBe(1000);
  expect(unsavedTokens([state('a', range(0, 400)), state('b', range(0, 700))], tokens)).toBe(300);
});

test('a state that a new one goes on from is needless; another branch of some length is not', () => {
  const grown = range(0, 1000);
  const before = state('before', range(0, 800));
  const retold = state('retold', [...range(0, 800), ...range(5000, worthTokens - 1)]);
  const branch = state('branch', [...range(0, 800), ...range(5000, worthTokens)]);
  expect(superseded([before, retold, branch], grown)).toEqual([before, retold]);
});

test('the least recently used go until the rest fits', () => {
  const states = [
    state('new', [], { sizeBytes: 40, usedAtMs: 30 }),
    state('old', [], { sizeBytes: 40, usedAtMs: 10 }),
    state('middle', [], { sizeBytes: 40, usedAtMs: 20 }),
  ];
  const removed = (budgetBytes: number) => overBudget(states, budgetBytes).map(({ id }) => id);
  expect(removed(120)).toEqual([]);
  expect(removed(119)).toEqual(['old']);
  expect(removed(50)).toEqual(['old', 'middle']);
  expect(removed(0)).toEqual(['old', 'middle', 'new']);
});
