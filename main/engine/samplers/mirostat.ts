/** Owns mirostat (Basu et al. 2021): holds the surprise of the text near a target by cutting the candidates. */
import { keep, probabilities, type Candidates } from './candidates.js';

/** Candidates from which version 1 estimates how steep the curve is. */
const estimated = 100;

export class Mirostat {
  readonly #mode: 1 | 2;
  readonly #tau: number;
  readonly #eta: number;
  readonly #vocabularySize: number;
  /** The largest surprise allowed, in bits; twice the target at first, then it learns from each token. */
  #mu: number;
  #left: Candidates = { tokens: [], logits: [] };

  constructor(mode: 1 | 2, tau: number, eta: number, vocabularySize: number) {
    this.#mode = mode;
    this.#tau = tau;
    this.#eta = eta;
    this.#vocabularySize = vocabularySize;
    this.#mu = 2 * tau;
  }

  /** The candidates that may come next. */
  cut(candidates: Candidates): Candidates {
    const shares = probabilities(candidates);
    const count = this.#mode === 1 ? this.#count(shares) : Infinity;
    this.#left = keep(candidates, (index) =>
      this.#mode === 1 ? index < count : -Math.log2(shares[index]!) <= this.#mu,
    );
    return this.#left;
  }

  /** Learns from the token that was taken, by its probability among those that were left. */
  learn(token: number): void {
    const share = probabilities(this.#left)[this.#left.tokens.indexOf(token)];
    if (share !== undefined && share > 0) this.#mu -= this.#eta * (-Math.log2(share) - this.#tau);
  }

  /** How many candidates version 1 keeps, from a Zipf curve fitted to the likeliest. */
  #count(shares: readonly number[]): number {
    let products = 0;
    let squares = 0;
    for (let i = 0; i + 1 < Math.min(shares.length, estimated); i++) {
      const t = Math.log((i + 2) / (i + 1));
      const b = Math.log(shares[i]! / shares[i + 1]!);
      products += t * b;
      squares += t * t;
    }
    const steepness = squares === 0 ? 1 : products / squares;
    const epsilon = steepness - 1;
    const count = ((epsilon * 2 ** this.#mu) / (1 - this.#vocabularySize ** -epsilon)) ** (1 / steepness);
    return Number.isNaN(count) ? 1 : Math.max(1, Math.floor(count));
  }
}
