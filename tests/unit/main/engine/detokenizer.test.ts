import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { Detokenizer } from '../../../../main/engine/detokenizer.js';

/** A vocabulary of bytes. */
const detokenize = (tokens: readonly Token[]) => Buffer.from(tokens as readonly number[]).toString('utf8');
const bytesOf = (text: string) => [...Buffer.from(text)] as Token[];

test('a character appears when its last byte is there', () => {
  const detokenizer = new Detokenizer(detokenize, []);
  const pieces = bytesOf('aé🦙').map((token) => detokenizer.push(token));
  expect(pieces).toEqual(['a', '', 'é', '', '', '', '🦙']);
});

test('bytes that never become a character are shown as such at the end', () => {
  const detokenizer = new Detokenizer(detokenize, []);
  expect(detokenizer.push(0xe2 as Token)).toBe('');
  expect(detokenizer.flush()).toBe('\uFFFD');
});
