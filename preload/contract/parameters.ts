/** Owns the parameters of a reply: names, ranges and neutral values as in text-generation-webui; free of zod, so that the page stays small. */
import { samplerStages, type SamplerStage } from './sampler-stages.js';
import type { TextFormat } from './text-formats.js';

/** `neutral` is the value that changes nothing; what has none is no sampler, and neutralising leaves it alone. */
type Of<Kind extends string, Value> = {
  readonly kind: Kind;
  readonly default: Value;
  readonly neutral?: Value;
};

export type NumberParameter = Of<'number', number> & {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly integer?: true;
};
type ToggleParameter = Of<'toggle', boolean>;
type TextParameter = Of<'text', string> & { readonly format: TextFormat };
/** Every stage once. */
type OrderParameter = Of<'order', readonly SamplerStage[]>;
export type Parameter = NumberParameter | ToggleParameter | TextParameter | OrderParameter;

export const parameters = {
  temperature: { kind: 'number', min: 0, max: 5, step: 0.01, default: 0.7, neutral: 1 },
  /** On, the three dynatemp values take the place of temperature. */
  dynamic_temperature: { kind: 'toggle', default: false, neutral: false },
  dynatemp_low: { kind: 'number', min: 0.01, max: 5, step: 0.01, default: 1, neutral: 1 },
  dynatemp_high: { kind: 'number', min: 0.01, max: 5, step: 0.01, default: 1, neutral: 1 },
  dynatemp_exponent: { kind: 'number', min: 0.01, max: 5, step: 0.01, default: 1, neutral: 1 },
  smoothing_factor: { kind: 'number', min: 0, max: 10, step: 0.01, default: 0, neutral: 0 },
  smoothing_curve: { kind: 'number', min: 1, max: 10, step: 0.01, default: 1, neutral: 1 },
  top_p: { kind: 'number', min: 0, max: 1, step: 0.01, default: 0.95, neutral: 1 },
  top_k: { kind: 'number', min: 0, max: 200, step: 1, default: 40, neutral: 0, integer: true },
  min_p: { kind: 'number', min: 0, max: 1, step: 0.01, default: 0.05, neutral: 0 },
  top_n_sigma: { kind: 'number', min: 0, max: 5, step: 0.01, default: 0, neutral: 0 },
  typical_p: { kind: 'number', min: 0, max: 1, step: 0.01, default: 1, neutral: 1 },
  xtc_threshold: { kind: 'number', min: 0, max: 0.5, step: 0.01, default: 0.1, neutral: 0.1 },
  xtc_probability: { kind: 'number', min: 0, max: 1, step: 0.01, default: 0, neutral: 0 },
  /** In units of 1e-4, as eta_cutoff. */
  epsilon_cutoff: { kind: 'number', min: 0, max: 9, step: 0.01, default: 0, neutral: 0 },
  eta_cutoff: { kind: 'number', min: 0, max: 20, step: 0.01, default: 0, neutral: 0 },
  tfs: { kind: 'number', min: 0, max: 1, step: 0.01, default: 1, neutral: 1 },
  top_a: { kind: 'number', min: 0, max: 1, step: 0.01, default: 0, neutral: 0 },
  repetition_penalty: { kind: 'number', min: 1, max: 1.5, step: 0.01, default: 1.1, neutral: 1 },
  /** Tokens looked back at; 0 = all. */
  repetition_penalty_range: {
    kind: 'number',
    min: 0,
    max: 4096,
    step: 64,
    default: 1024,
    neutral: 1024,
    integer: true,
  },
  frequency_penalty: { kind: 'number', min: 0, max: 2, step: 0.05, default: 0, neutral: 0 },
  presence_penalty: { kind: 'number', min: 0, max: 2, step: 0.05, default: 0, neutral: 0 },
  encoder_repetition_penalty: { kind: 'number', min: 0.8, max: 1.5, step: 0.01, default: 1, neutral: 1 },
  dry_multiplier: { kind: 'number', min: 0, max: 5, step: 0.01, default: 0, neutral: 0 },
  dry_allowed_length: { kind: 'number', min: 1, max: 20, step: 1, default: 2, neutral: 2, integer: true },
  dry_base: { kind: 'number', min: 1, max: 4, step: 0.01, default: 1.75, neutral: 1.75 },
  dry_sequence_breakers: {
    kind: 'text',
    format: 'strings',
    default: '"\\n", ":", "\\"", "*"',
    neutral: '"\\n", ":", "\\"", "*"',
  },
  no_repeat_ngram_size: { kind: 'number', min: 0, max: 20, step: 1, default: 0, neutral: 0, integer: true },
  mirostat_mode: { kind: 'number', min: 0, max: 2, step: 1, default: 0, neutral: 0, integer: true },
  mirostat_tau: { kind: 'number', min: 0, max: 10, step: 0.01, default: 5, neutral: 5 },
  mirostat_eta: { kind: 'number', min: 0, max: 1, step: 0.01, default: 0.1, neutral: 0.1 },
  /** The probability that adaptive-p keeps to; 0 = off. */
  adaptive_target: { kind: 'number', min: 0, max: 1, step: 0.01, default: 0, neutral: 0 },
  adaptive_decay: { kind: 'number', min: 0, max: 0.99, step: 0.01, default: 0.9, neutral: 0.9 },
  /** Off takes the likeliest token each time. */
  do_sample: { kind: 'toggle', default: true, neutral: true },
  /** Moves what bends the curve behind all other stages. */
  temperature_last: { kind: 'toggle', default: false, neutral: false },
  sampler_priority: { kind: 'order', default: samplerStages, neutral: samplerStages },
  /** Classifier-free guidance (Sanchez et al. 2023): how far the reply is pulled away from what the negative prompt calls for. */
  guidance_scale: { kind: 'number', min: -0.5, max: 2.5, step: 0.05, default: 1, neutral: 1 },
  negative_prompt: { kind: 'text', format: 'free', default: '' },
  /** Tokens a reply; 0 = until the model ends or the context is full. */
  max_new_tokens: { kind: 'number', min: 0, max: 4096, step: 1, default: 0, integer: true },
  /** Reading speed; 0 = as fast as it goes. */
  max_tokens_second: { kind: 'number', min: 0, max: 20, step: 1, default: 0, integer: true },
  /** Tokens guessed ahead where a passage repeats; 0 = none. */
  prompt_lookup_num_tokens: { kind: 'number', min: 0, max: 10, step: 1, default: 0, integer: true },
  /** Strings at which a reply ends, besides those of the prompt template. */
  custom_stopping_strings: { kind: 'text', format: 'strings', default: '' },
  /** Strings that no reply contains, in whatever case. */
  banned_strings: { kind: 'text', format: 'strings', default: '' },
  custom_token_bans: { kind: 'text', format: 'ids', default: '' },
  /** As OpenAI's: added to a token's logit. */
  logit_bias: { kind: 'text', format: 'biases', default: '' },
  ban_eos_token: { kind: 'toggle', default: false },
  /** Of a note's text, where the model wants it; a chat's prompt has what its template gives it. */
  add_bos_token: { kind: 'toggle', default: true },
  skip_special_tokens: { kind: 'toggle', default: true },
  grammar_string: { kind: 'text', format: 'gbnf', default: '' },
  /** Takes the place of grammar_string; only one of them may be set. */
  json_schema: { kind: 'text', format: 'json-schema', default: '' },
  /** -1 draws a new seed for each reply; the one drawn is kept with the reply. */
  seed: { kind: 'number', min: -1, max: 0xffffffff, step: 1, default: -1, integer: true },
} as const satisfies Record<string, Parameter>;

type Parameters = typeof parameters;
export type ParameterName = keyof Parameters;
type ValueOf<P extends Parameter> = P extends NumberParameter
  ? number
  : P extends ToggleParameter
    ? boolean
    : P extends TextParameter
      ? string
      : readonly SamplerStage[];
export type Sampling = { readonly [P in ParameterName]: ValueOf<Parameters[P]> };

/** What a new installation starts with. */
export function defaultSampling(): Sampling {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]): [string, unknown] => [name, parameter.default]),
  ) as Sampling;
}

/** The parameters that are not at their defaults. */
export function changedSampling(sampling: Sampling): Partial<Sampling> {
  const changed = Object.entries(parameters).flatMap(([name, { default: usual }]) => {
    const value = sampling[name as ParameterName];
    return JSON.stringify(value) === JSON.stringify(usual) ? [] : [[name, value]];
  });
  return Object.fromEntries(changed) as Partial<Sampling>;
}

/** The same with every sampler at the value that changes nothing. */
export function neutralSampling(sampling: Sampling): Sampling {
  const neutral = Object.entries(parameters).flatMap(([name, parameter]) =>
    'neutral' in parameter ? [[name, parameter.neutral]] : [],
  );
  return { ...sampling, ...(Object.fromEntries(neutral) as Partial<Sampling>) };
}
