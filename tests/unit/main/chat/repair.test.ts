import { expect, test } from 'vitest';
import { repairedSampling } from '../../../../main/chat/repair.js';
import type { Message, ReplyStats } from '../../../../preload/contract/chats.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { parseStrings } from '../../../../preload/contract/text-formats.js';

const reply = (text: string, stopReason: ReplyStats['stopReason'], troubleFrom?: number) =>
  ({ text, stats: { stopReason, troubleFrom } }) as Pick<Message, 'text' | 'stats'>;
const usual = defaultSampling();

test('against repetition both ways are made stronger, each time more, up to their bounds', () => {
  const loop = reply('Hum. Hum.', 'loop', 5);
  const first = repairedSampling(usual, loop);
  expect(first).toEqual({ ...usual, dry_multiplier: 0.8, repetition_penalty: 1.15 });
  const second = repairedSampling(first, loop);
  expect(second.dry_multiplier).toBeCloseTo(1.2);
  expect(second.repetition_penalty).toBeCloseTo(1.225);
  const strongest = { ...usual, dry_multiplier: 5, repetition_penalty: 1.5 };
  expect(repairedSampling(strongest, loop)).toEqual(strongest);
});

test.each([
  ['Yes.\n\n### Human: And', '\n### Human:'],
  ['Yes.\n\nUSER: And', '\nUSER:'],
  ['Yes.\n\n<|im_start|>user\nAnd', '\n<|im_start|>user'],
  ['Yes.\n\n[INST] And', '\n[INST]'],
])('against speaking as the user, %j ends at %j, besides what it ended at before', (text, stop) => {
  const before = { ...usual, custom_stopping_strings: '"END"' };
  const { custom_stopping_strings } = repairedSampling(before, reply(text, 'self-talk', 'Yes.\n\n'.length));
  expect(parseStrings(custom_stopping_strings)).toEqual(['END', stop]);
});

test('a reply without trouble is written with what is in force', () => {
  expect(repairedSampling(usual, reply('Yes.', 'end'))).toBe(usual);
});
