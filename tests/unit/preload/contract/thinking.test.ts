import { expect, test } from 'vitest';
import { splitThinking } from '../../../../preload/contract/thinking.js';

const answer = (text: string) => ({ thinking: null, isThinking: false, answer: text });
const cases = [
  ['no thinking', 'Just an answer.', answer('Just an answer.')],
  ['both tags', '<think>\nHm.\n</think>\n\nYes.', { thinking: 'Hm.', isThinking: false, answer: 'Yes.' }],
  ['the end alone', 'Hm.\n</think>\n\nYes.', { thinking: 'Hm.', isThinking: false, answer: 'Yes.' }],
  ['not ended', '\n<think>\nHm', { thinking: 'Hm', isThinking: true, answer: '' }],
  ['nothing thought', '<think>\n\n</think>\n\nYes.', { thinking: '', isThinking: false, answer: 'Yes.' }],
  ['thought only', '<think>Hm.</think>', { thinking: 'Hm.', isThinking: false, answer: '' }],
  ['quoted in a sentence', 'Write </think> to end it.', answer('Write </think> to end it.')],
  ['quoted in code', '```\n<b>\n</think>\n```', answer('```\n<b>\n</think>\n```')],
  ['tags later on', 'See:\n<think>\na\n</think>\nb', answer('See:\n<think>\na\n</think>\nb')],
] as const;
test.each(cases)('%s', (_name, text, expected) => expect(splitThinking(text)).toEqual(expected));
