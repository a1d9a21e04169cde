/** Owns DRY (p-e-w 2024): what would go on with a passage that came before is made less likely, the more the longer it is. */
import { withLogits, type Candidates } from './candidates.js';
import type { SequenceBreakers } from './dry-breakers.js';

export type DryOptions = {
  readonly multiplier: number;
  readonly base: number;
  readonly allowedLength: number;
  /** Tokens looked back at; 0 = all. */
  readonly range: number;
  readonly breakers: SequenceBreakers;
};

/** Of a 32-bit number; as in llama.cpp, so that the penalty stays finite. */
const largestLogarithm = Math.log(3.4028235e38);

/**
 * Lowers each token that would make a repeated passage longer, by multiplier × base ^ (length − allowed length);
 * multiplier 0 is neutral.
 * @param history prompt and reply so far
 */
export function dry(candidates: Candidates, history: readonly number[], options: DryOptions): Candidates {
  const { multiplier, base, allowedLength, breakers } = options;
  if (multiplier <= 0) return candidates;
  const lengths = repeatedLengths(history, options);
  if (lengths.size === 0) return candidates;
  const largestExponent = base > 1 ? Math.floor(largestLogarithm / Math.log(base)) : Infinity;
  return withLogits(candidates, (logit, token) => {
    const length = lengths.get(token);
    // What ends a passage is no repetition.
    if (length === undefined || breakers.get(token)?.some((tail) => tail.length === 0)) return logit;
    return logit - multiplier * base ** Math.min(length - allowedLength, largestExponent);
  });
}

/**
 * For each token that followed an earlier copy of the end of the history: the length of the longest such copy, where
 * it is long enough. One pass: the Z function of the history read backwards (Gusfield 1997) has the length of every copy.
 */
function repeatedLengths(
  history: readonly number[],
  { range, allowedLength, breakers }: DryOptions,
): ReadonlyMap<number, number> {
  const count = range > 0 ? Math.min(range, history.length) : history.length;
  const back = (distance: number) => history[history.length - 1 - distance]!;
  const longest = distanceToBreaker(back, count, breakers);
  const lengths = new Map<number, number>();
  if (count <= allowedLength || longest < allowedLength) return lengths;
  const copies = new Int32Array(count);
  // The copy that reaches farthest back.
  let [start, end] = [0, 0];
  for (let at = 1; at < count; at++) {
    let length = at < end ? Math.min(copies[at - start]!, end - at) : 0;
    while (at + length < count && back(length) === back(at + length)) length++;
    if (at + length > end) [start, end] = [at, at + length];
    copies[at] = length;
    const counted = Math.min(length, longest);
    if (counted < allowedLength) continue;
    const next = back(at - 1);
    lengths.set(next, Math.max(counted, lengths.get(next) ?? 0));
  }
  return lengths;
}

/** Tokens after the last breaker; all of them when there is none. */
function distanceToBreaker(
  back: (distance: number) => number,
  count: number,
  breakers: SequenceBreakers,
): number {
  for (let distance = 0; distance < count; distance++) {
    const complete = breakers
      .get(back(distance))
      ?.filter(
        (tail) => tail.length <= distance && tail.every((token, at) => token === back(distance - 1 - at)),
      );
    if (complete !== undefined && complete.length > 0)
      return distance - Math.max(...complete.map((tail) => tail.length));
  }
  return count;
}
