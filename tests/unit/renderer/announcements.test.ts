/** What a screen reader is told of the end of a reply. */
import { expect, test } from 'vitest';
import { ofReply } from '../../../renderer/lib/announcements.js';

const ended = (text: string) => ofReply({ text, error: null });

test('a short reply is read out, a long one is told by its length', () => {
  expect(ended('Llamas eat grass. ')).toBe('The reply is done: Llamas eat grass.');
  expect(ended('llama '.repeat(1200))).toBe('The reply is done: 1,200 words.');
});

test('thinking is not read out', () => {
  expect(ended('<think>They ask of llamas.</think>\n\nGrass.')).toBe('The reply is done: Grass.');
});

test('nothing, and what went wrong, are said', () => {
  expect(ended('  ')).toBe('The reply is empty.');
  const error = { code: 'engine-died', message: 'The engine has ended.' } as const;
  expect(ofReply({ text: 'Some words', error })).toBe('The reply has ended. The engine has ended.');
});
