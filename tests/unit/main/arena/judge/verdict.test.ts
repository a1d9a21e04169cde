/** What judges say, in the form that they are asked for and in others; and what two orders say together. */
import { expect, test } from 'vitest';
import { judgeGrammar, judgeQuestion, judgeRequest } from '../../../../../main/arena/judge/question.js';
import { pairVerdict, readVerdict } from '../../../../../main/arena/judge/verdict.js';
import { gbnfProblem } from '../../../../../preload/contract/gbnf.js';

test.each([
  ['Reason: The first one adds right.\nVerdict: A', 'first'],
  ['Reason: B is wrong about A.\nVerdict: B', 'second'],
  ['Reason: Both are good.\nVerdict: tie', 'tie'],
  ['**Verdict:** **B**', 'second'],
  ['My verdict is: answer A.', 'first'],
  ['{"reason": "clear", "verdict": "B"}', 'second'],
  ['verdict: A? No, on second thoughts.\nVerdict: B', 'second'],
  ['Both have merits. [[A]]', 'first'],
  ['[[C]]', 'tie'],
  ['Assistant B is better because it is true.', 'second'],
  ['The better one is answer A.', 'first'],
  ['  B.', 'second'],
  ['Answer A', 'first'],
  ['Tie', 'tie'],
  ['I can’t decide on a verdict.', null],
  ['A good answer was given by both.', null],
  ['', null],
] as const)('%j', (text, verdict) => {
  expect(readVerdict(text)).toBe(verdict);
});

test('two orders that say the same are a vote; two that differ are a tie', () => {
  expect(pairVerdict('first', 'second')).toEqual({ choice: 'a', agreed: true });
  expect(pairVerdict('second', 'first')).toEqual({ choice: 'b', agreed: true });
  expect(pairVerdict('tie', 'tie')).toEqual({ choice: 'tie', agreed: true });
  for (const [straight, swapped] of [
    ['first', 'first'],
    ['second', 'second'],
    ['tie', 'first'],
    ['second', 'tie'],
  ] as const)
    expect(pairVerdict(straight, swapped)).toEqual({ choice: 'tie', agreed: false });
});

test('the judge is asked with both answers and what is known to be right, and held to a form that can be read', () => {
  const judged = { task: 'What is 2 + 2?', reference: '4', first: 'Four.', second: 'Five.' };
  const question = judgeQuestion(judged);
  for (const part of [
    'What is 2 + 2?',
    'known to be right:\n<<<\n4',
    'Answer A:\n<<<\nFour.',
    'Answer B:\n<<<\nFive.',
  ])
    expect(question).toContain(part);
  expect(judgeQuestion({ ...judged, reference: '' })).not.toContain('known to be right');
  expect(gbnfProblem(judgeGrammar)).toBeNull();
  expect(judgeRequest(judged)).toMatchObject({
    prompt: { policy: 'stop' },
    sampling: { do_sample: false, grammar_string: judgeGrammar, repetition_penalty: 1 },
  });
});
