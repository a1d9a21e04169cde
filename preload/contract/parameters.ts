/** Owns the sampling parameters: names, ranges and defaults as in text-generation-webui; free of imports, so that the page stays small. */

export type ParameterRange = {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
  readonly integer?: true;
};

export const parameterRanges = {
  temperature: { min: 0, max: 5, step: 0.01, default: 0.7 },
  dynatemp_low: { min: 0.01, max: 5, step: 0.01, default: 1 },
  dynatemp_high: { min: 0.01, max: 5, step: 0.01, default: 1 },
  dynatemp_exponent: { min: 0.01, max: 5, step: 0.01, default: 1 },
  smoothing_factor: { min: 0, max: 10, step: 0.01, default: 0 },
  smoothing_curve: { min: 1, max: 10, step: 0.01, default: 1 },
  top_p: { min: 0, max: 1, step: 0.01, default: 0.95 },
  top_k: { min: 0, max: 200, step: 1, default: 40, integer: true },
  min_p: { min: 0, max: 1, step: 0.01, default: 0.05 },
  top_n_sigma: { min: 0, max: 5, step: 0.01, default: 0 },
  typical_p: { min: 0, max: 1, step: 0.01, default: 1 },
  xtc_threshold: { min: 0, max: 0.5, step: 0.01, default: 0.1 },
  xtc_probability: { min: 0, max: 1, step: 0.01, default: 0 },
  /** In units of 1e-4, as eta_cutoff. */
  epsilon_cutoff: { min: 0, max: 9, step: 0.01, default: 0 },
  eta_cutoff: { min: 0, max: 20, step: 0.01, default: 0 },
  tfs: { min: 0, max: 1, step: 0.01, default: 1 },
  top_a: { min: 0, max: 1, step: 0.01, default: 0 },
  repetition_penalty: { min: 1, max: 1.5, step: 0.01, default: 1.1 },
  /** Tokens looked back at; 0 = all. */
  repetition_penalty_range: { min: 0, max: 4096, step: 64, default: 1024, integer: true },
  frequency_penalty: { min: 0, max: 2, step: 0.05, default: 0 },
  presence_penalty: { min: 0, max: 2, step: 0.05, default: 0 },
  dry_multiplier: { min: 0, max: 5, step: 0.01, default: 0 },
  dry_allowed_length: { min: 1, max: 20, step: 1, default: 2, integer: true },
  dry_base: { min: 1, max: 4, step: 0.01, default: 1.75 },
  no_repeat_ngram_size: { min: 0, max: 20, step: 1, default: 0, integer: true },
  mirostat_mode: { min: 0, max: 2, step: 1, default: 0, integer: true },
  mirostat_tau: { min: 0, max: 10, step: 0.01, default: 5 },
  mirostat_eta: { min: 0, max: 1, step: 0.01, default: 0.1 },
  /** Tokens a reply; 0 = until the model ends or the context is full. */
  max_new_tokens: { min: 0, max: 4096, step: 1, default: 0, integer: true },
  /** -1 draws a new seed for each reply; the one drawn is kept with the reply. */
  seed: { min: -1, max: 0xffffffff, step: 1, default: -1, integer: true },
} as const satisfies Record<string, ParameterRange>;

export type ParameterName = keyof typeof parameterRanges;
export type Sampling = { [P in ParameterName]: number };

export function defaultSampling(): Sampling {
  return Object.fromEntries(
    Object.entries(parameterRanges).map(([name, range]) => [name, range.default]),
  ) as Sampling;
}
