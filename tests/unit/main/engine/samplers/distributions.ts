/** Owns the distributions on which samplers are tested: fixed, with true logits of both signs. */
import type { Candidates } from '../../../../../main/engine/samplers/candidates.js';
import { randomNumbers } from '../../../../../main/engine/samplers/random.js';

/** Candidates with these logits, likeliest first; the token is the place before sorting. */
export function fromLogits(logits: readonly number[]): Candidates {
  // llama.cpp counts in 32 bits.
  const exact = Float32Array.from(logits);
  const tokens = [...exact.keys()].sort((a, b) => exact[b]! - exact[a]!);
  return { tokens, logits: tokens.map((token) => exact[token]!) };
}

/** Candidates with these probabilities. */
export const fromShares = (...shares: readonly number[]): Candidates => fromLogits(shares.map(Math.log));

const random = randomNumbers(20);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const distributions: Readonly<Record<string, Candidates>> = {
  peaked: fromLogits([14.5, 9.25, 3, 2.5, 1, 0.5, -0.75, -2, -4, -9]),
  flat: fromLogits(Array.from({ length: 64 }, (_, index) => 0.02 * Math.sin(index * 7))),
  'long tail': fromLogits(Array.from({ length: 3000 }, (_, index) => 6 - 1.2 * Math.log(index + 1))),
  'like a model': fromLogits(Array.from({ length: 2000 }, () => 2.4 * normal() - 3)),
  ties: fromLogits([2, 2, 2, 1, 1, 0, 0, 0, 0, -1, -1, -3]),
  single: fromLogits([1.5]),
};
