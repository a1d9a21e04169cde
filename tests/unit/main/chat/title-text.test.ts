import { expect, test } from 'vitest';
import { titleIn } from '../../../../main/chat/title-text.js';

test.each([
  ['Wool and Wind', 'Wool and Wind'],
  ['  "Wool and Wind."  \n\nI hope you like it!', 'Wool and Wind'],
  ['**Title:** Wool and *Wind*', 'Wool and *Wind'],
  ['# Wool and Wind', 'Wool and Wind'],
  ['<think>They talk about wool.</think>\n\n“Wolle im Wind”', 'Wolle im Wind'],
  ['<think>They talk about', null],
  ['', null],
  ['“…”', null],
  ['Sure! Here is a title for this conversation that says what it is about: Wool', null],
  ['x'.repeat(61), null],
])('the title in %j', (answer, title) => {
  expect(titleIn(answer)).toBe(title);
});
