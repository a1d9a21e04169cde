import { expect, test } from 'vitest';
import { lookUp } from '../../../../../main/engine/guessing/prompt-lookup.js';

test('guesses what followed the last time', () => {
  expect(lookUp([1, 2, 3, 4, 5, 9, 2, 3], 2)).toEqual([4, 5]);
  expect(lookUp([1, 2, 3, 4, 5, 9, 2, 3], 10)).toEqual([4, 5, 9, 2, 3]);
});

test('the longer match wins, then the later one', () => {
  expect(lookUp([1, 2, 3, 7, 0, 2, 3, 8, 1, 2, 3], 1)).toEqual([7]);
  expect(lookUp([5, 2, 3, 7, 6, 2, 3, 8, 1, 2, 3], 1)).toEqual([8]);
});

test('one equal token is no passage, and what is new has no guess', () => {
  expect(lookUp([1, 2, 3, 1], 4)).toEqual([]);
  expect(lookUp([1, 2, 3, 4], 4)).toEqual([]);
  expect(lookUp([1], 4)).toEqual([]);
  expect(lookUp([], 4)).toEqual([]);
});

test('a passage that repeats right away goes on', () => {
  expect(lookUp([1, 1, 1, 1], 3)).toEqual([1]);
  expect(lookUp([1, 2, 1, 2, 1, 2], 4)).toEqual([1, 2]);
});
