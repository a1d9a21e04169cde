/** Owns how the sampling parameters reach llama.cpp: all of them as its own samplers, or only the count of candidates for our chain. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { SamplerStage } from '../../preload/contract/sampler-stages.js';
import { isGreedy, stagesInUse } from '../../preload/contract/sampler-use.js';

/** The samplers that the binding of llama.cpp has, in the order in which it always runs them. */
const nativeStages: readonly SamplerStage[] = [
  'repetition_penalty',
  'presence_penalty',
  'frequency_penalty',
  'top_k',
  'top_p',
  'min_p',
  'xtc',
  'temperature',
];

/** True when llama.cpp's own samplers do not have all that is asked for, or not in the order that is asked for. */
export function needsChain(sampling: Sampling): boolean {
  const used = stagesInUse(sampling);
  const native = nativeStages.filter((stage) => used.includes(stage));
  return used.some((stage, index) => stage !== native[index]);
}

/**
 * Options for `sequence.evaluate`.
 * @param seed explicit: without one the library seeds by the clock
 * @param history prompt and reply so far, growing while tokens come: penalties look at both
 */
export function nativeSampling(
  sampling: Sampling,
  seed: number,
  history: readonly Token[],
): SequenceEvaluateOptions {
  return {
    // 0 takes the likeliest token.
    temperature: isGreedy(sampling) ? 0 : sampling.temperature,
    topP: sampling.top_p,
    topK: sampling.top_k,
    minP: sampling.min_p,
    seed,
    ...(stagesInUse(sampling).includes('xtc') && {
      xtc: { threshold: sampling.xtc_threshold, probability: sampling.xtc_probability },
    }),
    ...penalties(sampling, history),
  };
}

/** Options with which llama.cpp hands the likeliest candidates to our chain as they are. */
export function rawSampling(sampling: Sampling): SequenceEvaluateOptions {
  return {
    temperature: 1,
    topP: 1,
    topK: needsWholeVocabulary(sampling) ? 0 : candidateCount,
    minP: 0,
    // Its own pick is not used.
    seed: 0,
    // Nor is its wish to end.
    yieldEogToken: true,
  };
}

/** Where a cutoff comes first, what is less likely than these has no say in practice. */
const candidateCount = 1024;
/** These look at every token there is: how many, how wide they are spread, or by making the unlikely likely. */
const weighing: readonly SamplerStage[] = [
  'top_n_sigma',
  'quadratic_sampling',
  'dynamic_temperature',
  'adaptive_p',
];
const cutting: readonly SamplerStage[] = [
  'top_k',
  'tfs',
  'typical_p',
  'epsilon_cutoff',
  'eta_cutoff',
  'top_p',
  'top_a',
  'min_p',
  'xtc',
  'mirostat',
];

/** True when the samplers weigh all tokens before any cuts the unlikely ones off. */
function needsWholeVocabulary(sampling: Sampling): boolean {
  const weighs = (stage: SamplerStage) =>
    weighing.includes(stage) || (stage === 'temperature' && sampling.temperature > 1);
  const first = stagesInUse(sampling).find((stage) => weighs(stage) || cutting.includes(stage));
  return !isGreedy(sampling) && (first === undefined || weighs(first));
}

function penalties(
  sampling: Sampling,
  history: readonly Token[],
): Pick<SequenceEvaluateOptions, 'repeatPenalty'> {
  const { repetition_penalty, repetition_penalty_range, frequency_penalty, presence_penalty } = sampling;
  if (repetition_penalty === 1 && frequency_penalty === 0 && presence_penalty === 0) return {};
  // As in text-generation-webui, 0 means everything; bounded, since the list is copied for each token.
  const range = repetition_penalty_range === 0 ? 4096 : repetition_penalty_range;
  return {
    repeatPenalty: {
      punishTokens: () => history.slice(-range),
      maxPunishTokens: range,
      penalty: repetition_penalty,
      frequencyPenalty: frequency_penalty,
      presencePenalty: presence_penalty,
    },
  };
}
