/** Owns how far voters agree with one another, and judges with themselves; pure. */
import type { Choice } from '../../../preload/contract/arena-words.js';
import type { Agreement, JudgeReport } from '../../../preload/contract/batches.js';
import { pairVerdict, type Verdict } from './verdict.js';

/** To a judge, two bad answers are a tie. */
const outcomes = ['a', 'b', 'tie'] as const;
const outcomeOf = (choice: Choice) => (choice === 'both-bad' ? 'tie' : choice);

/**
 * Agreement of two voters, with Cohen's kappa (“A coefficient of agreement for nominal scales”, 1960): the share of same
 * votes beyond what chance brings, (po − pe) / (1 − pe), where pe multiplies how often each of them chose an outcome.
 */
export function agreementOf(pairs: readonly (readonly [Choice, Choice])[]): Agreement {
  const both = pairs.length;
  const votes = pairs.map(([one, other]) => [outcomeOf(one), outcomeOf(other)] as const);
  const same = votes.filter(([one, other]) => one === other).length;
  const share = (of: 0 | 1, outcome: (typeof outcomes)[number]) =>
    votes.filter((vote) => vote[of] === outcome).length / both;
  const byChance = outcomes.reduce((sum, outcome) => sum + share(0, outcome) * share(1, outcome), 0);
  // Both voters always chose the same one outcome, or there is nothing to compare.
  const isTold = both > 0 && byChance < 1;
  return { both, same, kappa: isTold ? (same / both - byChance) / (1 - byChance) : null };
}

/** The two verdicts of a judge on one duel; null where one is missing. */
export type JudgedPair = { readonly straight: Verdict | null; readonly swapped: Verdict | null };

export function judgeReport(
  judge: string,
  judged: readonly JudgedPair[],
  withUser: readonly (readonly [Choice, Choice])[],
): JudgeReport {
  const whole = judged.flatMap(({ straight, swapped }) =>
    straight === null || swapped === null ? [] : [{ straight, swapped }],
  );
  const both = (verdict: Verdict) =>
    whole.filter(({ straight, swapped }) => straight === verdict && swapped === verdict).length;
  return {
    judge,
    pairs: whole.length,
    disagreed: whole.filter(({ straight, swapped }) => !pairVerdict(straight, swapped).agreed).length,
    preferredFirst: both('first'),
    preferredSecond: both('second'),
    failed: judged.length - whole.length,
    agreement: agreementOf(withUser),
  };
}
