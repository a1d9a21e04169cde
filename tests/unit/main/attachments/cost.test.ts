import { expect, test } from 'vitest';
import { AttachmentCosts, longestStart } from '../../../../main/attachments/cost.js';
import { details } from '../../../../main/attachments/extracted.js';
import type { AttachmentWithText } from '../../../../preload/contract/attachments.js';
import type { EngineStatus } from '../../../../preload/contract/models.js';

/** A token is a word with what stands before it. */
const countWords = async (text: string) => text.match(/\s*\S+/g)?.length ?? 0;

test('the beginning has as many tokens as asked for, and ends with a word', async () => {
  const text = Array.from({ length: 5000 }, (_, at) => `word${at}`).join(' ');
  for (const tokens of [1, 7, 100, 4999]) {
    const cut = await longestStart(text, tokens, countWords);
    expect(await countWords(text.slice(0, cut))).toBe(tokens);
    expect(text.slice(0, cut)).toMatch(/ $/);
  }
  expect(await longestStart(text, 5000, countWords)).toBe(text.length);
  expect(await longestStart('ab', 9, countWords)).toBe(2);
});

test('a cut falls at no half of a letter, and takes one letter at least', async () => {
  const perUnit = async (text: string) => text.length;
  expect(await longestStart('🦙🦙🦙', 3, perUnit)).toBe(4);
  expect(await longestStart('🦙', 1, perUnit)).toBe(2);
});

test('the loaded model counts, once for each text; without one the cost is an estimate', async () => {
  const ready = { state: 'ready', path: '/a.gguf' } as EngineStatus;
  let status: EngineStatus = { state: 'idle' };
  let counted = 0;
  const costs = new AttachmentCosts({
    engine: { countTokens: async (text) => (counted++, countWords(text)) },
    loader: {
      get status() {
        return status;
      },
    },
  });
  const attachment: AttachmentWithText = {
    ...{ id: 'x', name: 'a.txt', kind: 'text', sizeBytes: 12, characters: 12, text: 'three words.' },
    ...{ details: details(), part: { kind: 'all' } },
  };
  const length = 'File "a.txt":\n```\nthree words.\n```'.length;
  expect(await costs.of(attachment)).toEqual({ tokens: Math.ceil(length / 4), isExact: false });
  status = ready;
  // The line with the name, two fences and two words.
  expect(await costs.of(attachment)).toEqual({ tokens: 6, isExact: true });
  expect(await costs.of(attachment)).toEqual({ tokens: 6, isExact: true });
  expect(counted).toBe(1);
  status = { ...ready, path: '/b.gguf' } as EngineStatus;
  await costs.of(attachment);
  expect(counted).toBe(2);
});
