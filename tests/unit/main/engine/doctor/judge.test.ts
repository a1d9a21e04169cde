/** Verdicts of the probe on replies that are written down. */
import { expect, test } from 'vitest';
import { judge } from '../../../../../main/engine/doctor/probe.js';
import { familyTemplate } from '../../../../../main/engine/templates/family-template.js';
import type { ProbeTurn } from '../../../../../preload/contract/doctor.js';

const vicuna = familyTemplate('vicuna-v1.1');
const turn = (reply: string, ending: ProbeTurn['ending'] = 'end'): ProbeTurn => ({
  ...{ question: '?', reply, tokens: 12, ending },
});
const fine = turn('Hello there!');

test('two replies that end by themselves fit', () => {
  expect(judge([fine, turn('Blue.')], vicuna).verdict).toBe('good');
});

test('a reply that goes on as the user does not', () => {
  expect(judge([fine, turn('Blue. USER:', 'user-head')], vicuna)).toEqual({
    verdict: 'bad',
    reasons: ['The second reply goes on as the user after 12 tokens: it writes “USER:” instead of ending.'],
  });
});

test.each([
  ['</s>', 'Hello!</s>'],
  ['<|im_end|>', 'Hello!<|im_end|>'],
  ['### Human:', 'Hello!\n### Human: and you?'],
  ['[/INST]', '[/INST] Hello'],
])('%s written as text does not fit', (mark, reply) => {
  expect(judge([turn(reply), fine], vicuna)).toEqual({
    verdict: 'bad',
    reasons: [`The first reply contains “${mark}” as text, a mark that no answer should have.`],
  });
});

test('an empty reply does not fit, an endless one leaves it open', () => {
  expect(judge([turn(' '), fine], vicuna).reasons).toEqual([
    'The first reply is empty: the model ends at once.',
  ]);
  expect(judge([turn('la '.repeat(80), 'limit'), fine], vicuna)).toEqual({
    verdict: 'unsure',
    reasons: ['The first reply did not end within 12 tokens.'],
  });
});
