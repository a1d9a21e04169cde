/** Owns the samplers that look back: DRY, and n-grams that may not come twice. */
import { keep, withLogits, type Candidates } from './candidates.js';

export type DryOptions = {
  readonly multiplier: number;
  readonly base: number;
  readonly allowedLength: number;
  /** Tokens looked back at; 0 = all. */
  readonly range: number;
  /** Tokens over which no repetition is counted. */
  readonly breakers: ReadonlySet<number>;
};

/**
 * Lowers each token that would make the repetition of an earlier sequence longer, by
 * multiplier × base ^ (length − allowed length) (DRY, p-e-w 2024); multiplier 0 is neutral.
 * @param history prompt and reply so far
 */
export function dry(candidates: Candidates, history: readonly number[], options: DryOptions): Candidates {
  const { multiplier, base, allowedLength, range, breakers } = options;
  if (multiplier <= 0) return candidates;
  const past = range > 0 ? history.slice(-range) : history;
  const lengths = repetitionLengths(past, breakers);
  if (lengths.size === 0) return candidates;
  return withLogits(candidates, (index) => {
    const length = lengths.get(candidates.tokens[index]!) ?? 0;
    const penalty = length < allowedLength ? 0 : multiplier * base ** (length - allowedLength);
    return candidates.logits[index]! - penalty;
  });
}

/** For each token that followed an earlier copy of the end of `past`: the length of the longest such copy. */
function repetitionLengths(past: readonly number[], breakers: ReadonlySet<number>): Map<number, number> {
  const lengths = new Map<number, number>();
  const last = past.length - 1;
  if (last < 1 || breakers.has(past[last]!)) return lengths;
  for (let end = 0; end < last; end++) {
    if (past[end] !== past[last]) continue;
    const next = past[end + 1]!;
    if (breakers.has(next)) continue;
    let length = 1;
    while (length <= end && past[end - length] === past[last - length] && !breakers.has(past[end - length]!))
      length++;
    lengths.set(next, Math.max(length, lengths.get(next) ?? 0));
  }
  return lengths;
}

/** Drops each token that would complete a sequence of `size` tokens that came before; 0 drops none. */
export function noRepeatNgram(candidates: Candidates, history: readonly number[], size: number): Candidates {
  if (size <= 0 || history.length < size) return candidates;
  const start = history.slice(history.length - (size - 1));
  const banned = new Set<number>();
  for (let at = 0; at + size <= history.length; at++) {
    if (start.every((token, offset) => history[at + offset] === token)) banned.add(history[at + size - 1]!);
  }
  return keep(candidates, (index) => !banned.has(candidates.tokens[index]!));
}
