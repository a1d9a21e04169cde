/** Owns adaptive-p: prefers tokens whose probability is near a target, and moves the target so that the average meets it. */
import { probabilities, withLogits, type Candidates } from './candidates.js';

/** How near counts as near, the largest logit, and how steeply logits fall. */
const width = 0.3;
const peak = 5;
const sharpness = 10;

/** The formula and its constants are those of llama.cpp, https://github.com/ggml-org/llama.cpp/pull/17927. */
export class AdaptiveP {
  readonly #target: number;
  readonly #decay: number;
  /** Sum of the probabilities of the tokens taken, the older the less it counts, and the sum of those weights. */
  #weighted: number;
  #weights: number;
  /** Probabilities by token before the last bending. */
  #before: ReadonlyMap<number, number> = new Map();

  /** @param decay how much of its weight a token keeps with each one after it; about 1 / (1 − decay) tokens count */
  constructor(target: number, decay: number) {
    this.#target = target;
    this.#decay = decay;
    this.#weights = 1 / (1 - decay);
    this.#weighted = target * this.#weights;
  }

  /** The candidates with logits by how near their probability is to the target. */
  bend(candidates: Candidates): Candidates {
    const shares = probabilities(candidates);
    this.#before = new Map(candidates.tokens.map((token, index) => [token, shares[index]!]));
    const aim = Math.min(1, Math.max(0, 2 * this.#target - this.#weighted / this.#weights));
    return withLogits(candidates, (_, token) => {
      const distance = Math.abs(this.#before.get(token)! - aim) / width;
      return peak - (sharpness * distance ** 2) / (1 + distance);
    });
  }

  /** Learns from the token that was taken. */
  learn(token: number): void {
    this.#weighted = (this.#before.get(token) ?? 0) + this.#decay * this.#weighted;
    this.#weights = 1 + this.#decay * this.#weights;
  }
}
