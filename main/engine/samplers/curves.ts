/** Owns the samplers that bend the curve of logits without dropping candidates. */
import { entropy, probabilities, withLogits, type Candidates } from './candidates.js';

/** Divides logits by the temperature; 1 is neutral. */
export function temperature(candidates: Candidates, value: number): Candidates {
  return value === 1 ? candidates : withLogits(candidates, (logit) => logit / value);
}

/**
 * A temperature between `low` and `high`, by how open the choice is: the entropy as a share of the largest possible one,
 * to the power of `exponent` (dynamic temperature, kalomaze 2023).
 */
export function dynamicTemperature(
  candidates: Candidates,
  low: number,
  high: number,
  exponent: number,
): Candidates {
  const { length } = candidates.tokens;
  if (length < 2) return candidates;
  const openness = entropy(probabilities(candidates)) / Math.log(length);
  return temperature(candidates, low + (high - low) * openness ** exponent);
}

/** Bends logits by a quadratic, or with a curve above 1 a cubic, of their distance to the largest (kalomaze 2024); factor 0 is neutral. */
export function smoothing(candidates: Candidates, factor: number, curve: number): Candidates {
  if (factor <= 0) return candidates;
  const max = candidates.logits[0]!;
  const quadratic = factor * ((3 - curve) / 2);
  const cubic = factor * ((curve - 1) / 2);
  return withLogits(candidates, (logit) => {
    const distance = logit - max;
    return max - quadratic * distance ** 2 + cubic * distance ** 3;
  });
}
