/** Owns the order of the samplers and the choice of the next token; knows nothing of llama.cpp. */
import type { Sampling } from '../../../preload/contract/parameters.js';
import { probabilities, type Candidates } from './candidates.js';
import * as cutoffs from './cutoffs.js';
import { dynamicTemperature, smoothing, temperature } from './curves.js';
import { Mirostat } from './mirostat.js';
import { randomNumbers } from './random.js';
import { dry, noRepeatNgram } from './repetition.js';

export type ChainOptions = {
  readonly sampling: Sampling;
  readonly seed: number;
  readonly vocabularySize: number;
  /** Tokens over which DRY counts no repetition. */
  readonly breakers: ReadonlySet<number>;
};

/** True when a parameter is in use that llama.cpp's own samplers, as the engine reaches them, do not have. */
export function needsChain(sampling: Sampling): boolean {
  return (
    sampling.do_sample &&
    sampling.temperature > 0 &&
    (sampling.dynamic_temperature ||
      sampling.smoothing_factor > 0 ||
      sampling.top_n_sigma > 0 ||
      sampling.typical_p < 1 ||
      sampling.xtc_probability > 0 ||
      sampling.epsilon_cutoff > 0 ||
      sampling.eta_cutoff > 0 ||
      sampling.tfs < 1 ||
      sampling.top_a > 0 ||
      sampling.dry_multiplier > 0 ||
      sampling.no_repeat_ngram_size > 0 ||
      sampling.mirostat_mode > 0)
  );
}

/** Samples one token after another of one reply. */
export class SamplerChain {
  readonly #options: ChainOptions;
  readonly #random: () => number;
  readonly #mirostat: Mirostat | null;

  constructor(options: ChainOptions) {
    const { mirostat_mode: mode, mirostat_tau, mirostat_eta } = options.sampling;
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#mirostat =
      mode === 1 || mode === 2
        ? new Mirostat(mode, mirostat_tau, mirostat_eta, options.vocabularySize)
        : null;
  }

  /**
   * The candidates that are left after every sampler, in llama.cpp's order: what looks back, cutoffs, temperature.
   * Mirostat takes the place of the cutoffs.
   */
  apply(candidates: Candidates, history: readonly number[]): Candidates {
    const { sampling, breakers } = this.#options;
    let left = dry(candidates, history, {
      multiplier: sampling.dry_multiplier,
      base: sampling.dry_base,
      allowedLength: sampling.dry_allowed_length,
      range: sampling.repetition_penalty_range,
      breakers,
    });
    left = noRepeatNgram(left, history, sampling.no_repeat_ngram_size);
    if (this.#mirostat !== null) return this.#mirostat.cut(this.#bend(left));
    left = cutoffs.topNSigma(left, sampling.top_n_sigma);
    left = cutoffs.topK(left, sampling.top_k);
    left = cutoffs.tailFree(left, sampling.tfs);
    left = cutoffs.typicalP(left, sampling.typical_p);
    left = cutoffs.epsilonCutoff(left, sampling.epsilon_cutoff);
    left = cutoffs.etaCutoff(left, sampling.eta_cutoff);
    left = cutoffs.topP(left, sampling.top_p);
    left = cutoffs.topA(left, sampling.top_a);
    left = cutoffs.minP(left, sampling.min_p);
    left = cutoffs.xtc(left, sampling.xtc_threshold, sampling.xtc_probability, this.#random);
    return this.#bend(left);
  }

  /** The next token. */
  sample(candidates: Candidates, history: readonly number[]): number {
    const left = this.apply(candidates, history);
    const shares = probabilities(left);
    let rest = this.#random();
    let index = shares.findIndex((share) => (rest -= share) < 0);
    // Rounding may leave a crumb after the last one.
    if (index < 0) index = shares.length - 1;
    this.#mirostat?.learn(shares[index]!);
    return left.tokens[index]!;
  }

  #bend(candidates: Candidates): Candidates {
    const { sampling } = this.#options;
    const { dynatemp_low: low, dynatemp_high: high, dynatemp_exponent } = sampling;
    const bent = smoothing(candidates, sampling.smoothing_factor, sampling.smoothing_curve);
    return sampling.dynamic_temperature
      ? dynamicTemperature(bent, low, high, dynatemp_exponent)
      : temperature(bent, sampling.temperature);
  }
}
