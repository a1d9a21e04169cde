import { expect, test } from 'vitest';
import { fitToContext } from '../../../../main/engine/budget.js';
import type { PromptMessage } from '../../../../preload/contract/engine.js';

/** Each letter is a token. */
const count = (messages: readonly PromptMessage[]) => messages.map(({ text }) => text).join('');
const message = (role: PromptMessage['role'], letter: string, length: number) => ({
  role,
  text: letter.repeat(length),
});
const talk = [
  message('system', 's', 10),
  message('user', 'a', 100),
  message('assistant', 'b', 100),
  message('user', 'c', 100),
  message('assistant', 'd', 100),
  message('user', 'e', 100),
];

test('what fits stays whole', () => {
  expect(fitToContext(talk, 1000, count)).toEqual({ tokens: count(talk), omitted: 0 });
});

test('whole oldest turns go first; the system prompt and the last message stay', () => {
  const { tokens, omitted } = fitToContext(talk, 450, count);
  expect(omitted).toBe(2);
  expect(tokens).toBe('s'.repeat(10) + 'c'.repeat(100) + 'd'.repeat(100) + 'e'.repeat(100));
});

test('a message that alone is too long is refused with numbers', () => {
  expect(() => fitToContext(talk, 120, count)).toThrow(
    'This message needs 110 tokens; the context has room for 90.',
  );
  expect(() => fitToContext([message('user', 'x', 99)], 120, count)).toThrow('needs 99 tokens');
});
