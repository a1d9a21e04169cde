import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { SentPrompts } from '../../../../../main/engine/doctor/sent-prompts.js';

test('remembers the last request of each conversation, and not for ever', () => {
  const sent = new SentPrompts();
  sent.remember('first', [1 as Token]);
  sent.remember('first', [2 as Token]);
  expect(sent.of('first')).toEqual([2]);
  expect(sent.of('other')).toBeNull();
  for (let index = 0; index < 20; index++) sent.remember(`chat ${index}`, []);
  expect(sent.of('first')).toBeNull();
  expect(sent.of('chat 0')).toEqual([]);
});
