import { expect, test } from 'vitest';
import { pieceSize } from '../../../../main/engine/pieces.js';

test('small models read large pieces, large ones what is still read well', () => {
  expect(pieceSize(30e6, false)).toBe(512);
  expect(pieceSize(77e6, false)).toBe(512);
  expect(pieceSize(150e6, false)).toBe(256);
  expect(pieceSize(620e6, false)).toBe(128);
  expect(pieceSize(40e9, false)).toBe(128);
});

test('a GPU reads as much at once as llama.cpp takes', () => {
  expect(pieceSize(40e9, true)).toBe(512);
});
