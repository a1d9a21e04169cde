/** Owns the samplers that drop candidates; each is neutral at the value that its docstring names. */
import { entropy, keep, probabilities, type Candidates } from './candidates.js';

/** Keeps the `k` likeliest; 0 keeps all. */
export function topK(candidates: Candidates, k: number): Candidates {
  return k <= 0 ? candidates : keep(candidates, (index) => index < k);
}

/** Keeps the fewest likeliest whose probabilities reach `p` (nucleus sampling, Holtzman et al. 2020); 1 keeps all. */
export function topP(candidates: Candidates, p: number): Candidates {
  if (p >= 1) return candidates;
  let before = 0;
  const shares = probabilities(candidates);
  const wanted = shares.map((share) => {
    const inside = before < p;
    before += share;
    return inside;
  });
  return keep(candidates, (index) => wanted[index]!);
}

/** Drops what is less likely than the share `p` of the likeliest (Nguyen et al. 2024); 0 drops none. */
export function minP(candidates: Candidates, p: number): Candidates {
  if (p <= 0) return candidates;
  const least = candidates.logits[0]! + Math.log(p);
  return keep(candidates, (index) => candidates.logits[index]! >= least);
}

/** Drops what is less likely than `a` times the square of the likeliest (KoboldAI); 0 drops none. */
export function topA(candidates: Candidates, a: number): Candidates {
  if (a <= 0) return candidates;
  const shares = probabilities(candidates);
  return keep(candidates, (index) => shares[index]! >= a * shares[0]! ** 2);
}

/** Drops logits more than `n` standard deviations below the largest (Tang et al. 2024), over the candidates; 0 drops none. */
export function topNSigma(candidates: Candidates, n: number): Candidates {
  if (n <= 0) return candidates;
  const { logits } = candidates;
  const mean = logits.reduce((total, logit) => total + logit, 0) / logits.length;
  const variance = logits.reduce((total, logit) => total + (logit - mean) ** 2, 0) / logits.length;
  const least = logits[0]! - n * Math.sqrt(variance);
  return keep(candidates, (index) => logits[index]! >= least);
}

/** Keeps those whose surprise is nearest to the entropy until they reach `p` (locally typical, Meister et al. 2022); 1 keeps all. */
export function typicalP(candidates: Candidates, p: number): Candidates {
  if (p >= 1) return candidates;
  const shares = probabilities(candidates);
  const expected = entropy(shares);
  const distance = (index: number) => Math.abs(-Math.log(shares[index]!) - expected);
  const order = shares.map((_, index) => index).sort((a, b) => distance(a) - distance(b));
  const kept = new Set<number>();
  let reached = 0;
  for (const index of order) {
    kept.add(index);
    reached += shares[index]!;
    if (reached >= p) break;
  }
  return keep(candidates, (index) => kept.has(index));
}

/** Cuts the tail where the curve of sorted probabilities flattens (tail free sampling, Phénix and Egan 2019); 1 cuts none. */
export function tailFree(candidates: Candidates, z: number): Candidates {
  if (z >= 1 || candidates.tokens.length < 3) return candidates;
  const shares = probabilities(candidates);
  const slopes = shares.slice(1).map((share, index) => shares[index]! - share);
  const bends = slopes.slice(1).map((slope, index) => Math.abs(slopes[index]! - slope));
  const total = bends.reduce((sum, bend) => sum + bend, 0);
  if (total <= 0) return candidates;
  let reached = 0;
  const last = bends.findIndex((bend) => (reached += bend / total) > z);
  return last < 0 ? candidates : keep(candidates, (index) => index <= last);
}

/** Drops what is less likely than `epsilon`, in units of 1e-4 (Hewitt et al. 2022); 0 drops none. */
export function epsilonCutoff(candidates: Candidates, epsilon: number): Candidates {
  if (epsilon <= 0) return candidates;
  const shares = probabilities(candidates);
  return keep(candidates, (index) => shares[index]! >= epsilon * 1e-4);
}

/** As `epsilonCutoff`, with a bound that falls with the entropy (Hewitt et al. 2022); 0 drops none. */
export function etaCutoff(candidates: Candidates, eta: number): Candidates {
  if (eta <= 0) return candidates;
  const shares = probabilities(candidates);
  const epsilon = eta * 1e-4;
  const least = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy(shares)));
  return keep(candidates, (index) => shares[index]! >= least);
}

/**
 * With the probability given, drops all but the least likely of the candidates above `threshold` (XTC, p-e-w 2024);
 * a probability of 0 or a threshold above 0.5 drops none.
 */
export function xtc(
  candidates: Candidates,
  threshold: number,
  probability: number,
  random: () => number,
): Candidates {
  if (probability <= 0 || threshold > 0.5) return candidates;
  if (random() >= probability) return candidates;
  const shares = probabilities(candidates);
  const above = shares.filter((share) => share >= threshold).length;
  return above < 2 ? candidates : keep(candidates, (index) => index >= above - 1);
}
