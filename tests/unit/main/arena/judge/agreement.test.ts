/** Agreement of voters against known figures, and the report on a judge. */
import { expect, test } from 'vitest';
import { agreementOf, judgeReport } from '../../../../../main/arena/judge/agreement.js';
import type { Choice } from '../../../../../preload/contract/arena-words.js';

const times = (count: number, one: Choice, other: Choice) =>
  Array.from({ length: count }, () => [one, other] as const);

test('Cohen’s kappa of the textbook’s table of 50 votes is 0.4', () => {
  // 20 yes–yes, 5 yes–no, 10 no–yes, 15 no–no: po = 0.7, pe = 0.5 · 0.6 + 0.5 · 0.4.
  const agreement = agreementOf([
    ...times(20, 'a', 'a'),
    ...times(5, 'a', 'b'),
    ...times(10, 'b', 'a'),
    ...times(15, 'b', 'b'),
  ]);
  expect(agreement).toMatchObject({ both: 50, same: 35 });
  expect(agreement.kappa).toBeCloseTo(0.4, 12);
});

test('with three outcomes, and two bad answers as a tie', () => {
  // po = 6/10; pe = 0.5 · 0.4 + 0.3 · 0.3 + 0.2 · 0.3 = 0.35.
  const agreement = agreementOf([
    ...times(3, 'a', 'a'),
    ...times(2, 'b', 'b'),
    ...times(1, 'both-bad', 'tie'),
    ...times(1, 'a', 'b'),
    ...times(1, 'a', 'tie'),
    ...times(1, 'b', 'tie'),
    ...times(1, 'tie', 'a'),
  ]);
  expect(agreement).toMatchObject({ both: 10, same: 6 });
  expect(agreement.kappa).toBeCloseTo((0.6 - 0.35) / 0.65, 12);
});

test('whole agreement is 1; the opposite is below 0; where chance explains all there is no kappa', () => {
  expect(agreementOf([...times(2, 'a', 'a'), ...times(2, 'b', 'b')]).kappa).toBe(1);
  expect(agreementOf([...times(2, 'a', 'b'), ...times(2, 'b', 'a')]).kappa).toBe(-1);
  expect(agreementOf(times(4, 'a', 'a'))).toEqual({ both: 4, same: 4, kappa: null });
  expect(agreementOf([])).toEqual({ both: 0, same: 0, kappa: null });
});

test('a report tells how often the place of an answer decided', () => {
  const report = judgeReport(
    'Judge',
    [
      { straight: 'first', swapped: 'second' },
      { straight: 'tie', swapped: 'tie' },
      { straight: 'first', swapped: 'first' },
      { straight: 'first', swapped: 'first' },
      { straight: 'second', swapped: 'second' },
      { straight: 'first', swapped: 'tie' },
      { straight: 'first', swapped: null },
    ],
    [['a', 'a']],
  );
  expect(report).toMatchObject({ pairs: 6, disagreed: 4, preferredFirst: 2, preferredSecond: 1, failed: 1 });
  expect(report.agreement).toEqual({ both: 1, same: 1, kappa: null });
});
