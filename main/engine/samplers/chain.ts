/** Owns running the samplers in their order and the choice of the next token; knows nothing of llama.cpp. */
import type { Sampling } from '../../../preload/contract/parameters.js';
import type { SamplerStage } from '../../../preload/contract/sampler-stages.js';
import { isGreedy, stagesInUse } from '../../../preload/contract/sampler-use.js';
import { AdaptiveP } from './adaptive.js';
import { probabilities, type Candidates } from './candidates.js';
import * as curves from './curves.js';
import * as cutoffs from './cutoffs.js';
import { dry } from './dry.js';
import type { SequenceBreakers } from './dry-breakers.js';
import { Mirostat } from './mirostat.js';
import { randomNumbers } from './random.js';
import * as repetition from './repetition.js';

export type ChainOptions = {
  readonly sampling: Sampling;
  readonly seed: number;
  readonly vocabularySize: number;
  /** Where DRY starts anew. */
  readonly breakers: SequenceBreakers;
  /** What `encoder_repetition_penalty` looks at. */
  readonly prompt: readonly number[];
};

type Sampler = (candidates: Candidates, history: readonly number[]) => Candidates;

/** Samples one token after another of one reply. */
export class SamplerChain {
  readonly #greedy: boolean;
  readonly #random: () => number;
  readonly #mirostat: Mirostat;
  readonly #adaptive: AdaptiveP;
  readonly #samplers: readonly (readonly [stage: SamplerStage, sampler: Sampler])[];

  constructor(options: ChainOptions) {
    const { sampling, seed, vocabularySize } = options;
    this.#greedy = isGreedy(sampling);
    this.#random = randomNumbers(seed);
    this.#mirostat = new Mirostat(
      sampling.mirostat_mode === 1 ? 1 : 2,
      sampling.mirostat_tau,
      sampling.mirostat_eta,
      vocabularySize,
    );
    this.#adaptive = new AdaptiveP(sampling.adaptive_target, sampling.adaptive_decay);
    const all = this.#all(options);
    this.#samplers = stagesInUse(sampling).map((stage) => [stage, all[stage]]);
  }

  /** The candidates that are left after every sampler. @param history prompt and reply so far */
  apply(candidates: Candidates, history: readonly number[]): Candidates {
    return this.#samplers.reduce((left, [, sampler]) => sampler(left, history), candidates);
  }

  /** What each sampler leaves, in their order. @param history prompt and reply so far */
  steps(
    candidates: Candidates,
    history: readonly number[],
  ): (readonly [stage: SamplerStage, left: Candidates])[] {
    let left = candidates;
    return this.#samplers.map(([stage, sampler]) => [stage, (left = sampler(left, history))]);
  }

  /** The next token. */
  sample(candidates: Candidates, history: readonly number[]): number {
    const left = this.apply(candidates, history);
    const token = left.tokens[this.#greedy ? 0 : this.#draw(left)]!;
    this.#mirostat.learn(token);
    this.#adaptive.learn(token);
    return token;
  }

  #draw(candidates: Candidates): number {
    const shares = probabilities(candidates);
    let rest = this.#random();
    const index = shares.findIndex((share) => (rest -= share) < 0);
    // Rounding may leave a crumb after the last one.
    return index < 0 ? shares.length - 1 : index;
  }

  #all({ sampling: s, breakers, prompt }: ChainOptions): { readonly [S in SamplerStage]: Sampler } {
    const counts = (history: readonly number[]) =>
      repetition.countTokens(history, s.repetition_penalty_range);
    const promptTokens = new Set(prompt);
    const dryOptions = {
      multiplier: s.dry_multiplier,
      base: s.dry_base,
      allowedLength: s.dry_allowed_length,
      range: s.repetition_penalty_range,
      breakers,
    };
    return {
      repetition_penalty: (c, history) =>
        repetition.repetitionPenalty(c, counts(history), s.repetition_penalty),
      presence_penalty: (c, history) => repetition.presencePenalty(c, counts(history), s.presence_penalty),
      frequency_penalty: (c, history) => repetition.frequencyPenalty(c, counts(history), s.frequency_penalty),
      dry: (c, history) => dry(c, history, dryOptions),
      encoder_repetition_penalty: (c) =>
        repetition.encoderRepetitionPenalty(c, promptTokens, s.encoder_repetition_penalty),
      no_repeat_ngram: (c, history) => repetition.noRepeatNgram(c, history, s.no_repeat_ngram_size),
      top_n_sigma: (c) => cutoffs.topNSigma(c, s.top_n_sigma),
      top_k: (c) => cutoffs.topK(c, s.top_k),
      tfs: (c) => cutoffs.tailFree(c, s.tfs),
      typical_p: (c) => cutoffs.typicalP(c, s.typical_p),
      epsilon_cutoff: (c) => cutoffs.epsilonCutoff(c, s.epsilon_cutoff),
      eta_cutoff: (c) => cutoffs.etaCutoff(c, s.eta_cutoff),
      top_p: (c) => cutoffs.topP(c, s.top_p),
      top_a: (c) => cutoffs.topA(c, s.top_a),
      min_p: (c) => cutoffs.minP(c, s.min_p),
      xtc: (c) => cutoffs.xtc(c, s.xtc_threshold, s.xtc_probability, this.#random),
      quadratic_sampling: (c) => curves.smoothing(c, s.smoothing_factor, s.smoothing_curve),
      temperature: (c) => curves.temperature(c, s.temperature),
      dynamic_temperature: (c) =>
        curves.dynamicTemperature(c, s.dynatemp_low, s.dynatemp_high, s.dynatemp_exponent),
      mirostat: (c) => this.#mirostat.cut(c),
      adaptive_p: (c) => this.#adaptive.bend(c),
    };
  }
}
