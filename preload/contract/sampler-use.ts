/** Owns which stages a set of parameters puts to work, and in which order; free of zod, so that the page stays small. */
import type { Sampling } from './parameters.js';
import type { SamplerStage } from './sampler-stages.js';

const changesSomething: { readonly [S in SamplerStage]: (sampling: Sampling) => boolean } = {
  repetition_penalty: ({ repetition_penalty }) => repetition_penalty !== 1,
  presence_penalty: ({ presence_penalty }) => presence_penalty > 0,
  frequency_penalty: ({ frequency_penalty }) => frequency_penalty > 0,
  dry: ({ dry_multiplier }) => dry_multiplier > 0,
  encoder_repetition_penalty: ({ encoder_repetition_penalty }) => encoder_repetition_penalty !== 1,
  no_repeat_ngram: ({ no_repeat_ngram_size }) => no_repeat_ngram_size > 0,
  top_n_sigma: ({ top_n_sigma }) => top_n_sigma > 0,
  top_k: ({ top_k }) => top_k > 0,
  tfs: ({ tfs }) => tfs < 1,
  typical_p: ({ typical_p }) => typical_p < 1,
  epsilon_cutoff: ({ epsilon_cutoff }) => epsilon_cutoff > 0,
  eta_cutoff: ({ eta_cutoff }) => eta_cutoff > 0,
  top_p: ({ top_p }) => top_p < 1,
  top_a: ({ top_a }) => top_a > 0,
  min_p: ({ min_p }) => min_p > 0,
  xtc: ({ xtc_probability }) => xtc_probability > 0,
  quadratic_sampling: ({ smoothing_factor }) => smoothing_factor > 0,
  temperature: ({ temperature, dynamic_temperature }) => temperature !== 1 && !dynamic_temperature,
  dynamic_temperature: ({ dynamic_temperature }) => dynamic_temperature,
  mirostat: ({ mirostat_mode }) => mirostat_mode > 0,
  adaptive_p: ({ adaptive_target }) => adaptive_target > 0,
};

/** They go by what was written, not by how likely a token is. */
export const lookingBack: readonly SamplerStage[] = [
  'repetition_penalty',
  'presence_penalty',
  'frequency_penalty',
  'dry',
  'encoder_repetition_penalty',
  'no_repeat_ngram',
];
const heating: readonly SamplerStage[] = ['temperature', 'dynamic_temperature', 'quadratic_sampling'];

/** Below it the likeliest token is as good as certain, and logits divided by it would leave what a number can hold. */
const leastTemperature = 0.001;

/** True when the likeliest token is taken each time. */
export function isGreedy({ do_sample, temperature, dynamic_temperature }: Sampling): boolean {
  return !do_sample || (temperature < leastTemperature && !dynamic_temperature);
}

/** Stages that do something, in their order. A greedy choice needs only what looks back; mirostat stands for every cutoff. */
export function stagesInUse(sampling: Sampling): readonly SamplerStage[] {
  const { sampler_priority, temperature_last } = sampling;
  const order = temperature_last
    ? [...sampler_priority.filter((stage) => !heating.includes(stage)), ...heating]
    : sampler_priority;
  const used = order.filter((stage) => changesSomething[stage](sampling));
  if (isGreedy(sampling)) return used.filter((stage) => lookingBack.includes(stage));
  if (!used.includes('mirostat')) return used;
  return used.filter(
    (stage) => stage === 'mirostat' || lookingBack.includes(stage) || heating.includes(stage),
  );
}
