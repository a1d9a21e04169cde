import { expect, test } from 'vitest';
import { nextPiece } from '../../../../main/engine/pieces.js';

test('pieces grow while they are read in a quarter of a second, up to what is read at once', () => {
  expect(nextPiece(128, 200)).toBe(128);
  expect(nextPiece(128, 100)).toBe(320);
  expect(nextPiece(320, 250)).toBe(320);
  expect(nextPiece(128, 10)).toBe(512);
  expect(nextPiece(128, 0)).toBe(512);
});

test('they never fall below what is read well, however slow the model', () => {
  expect(nextPiece(128, 10_000)).toBe(128);
  expect(nextPiece(512, 1000)).toBe(128);
});
