/** Owns how the sampling parameters reach llama.cpp: all of them as its own samplers, or only the count of candidates for our chain. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { SamplerStage } from '../../preload/contract/sampler-stages.js';
import { isGreedy, lookingBack, stagesInUse } from '../../preload/contract/sampler-use.js';

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

/**
 * Options with which llama.cpp hands the likeliest candidates to our chain as they are.
 * @param whole all tokens, whatever the chain needs of them
 */
export function rawSampling(sampling: Sampling, whole: boolean): SequenceEvaluateOptions {
  return {
    temperature: 1,
    topP: 1,
    topK: whole || needsWholeVocabulary(sampling) ? 0 : candidateCount,
    minP: 0,
    // Its own pick is not used.
    seed: 0,
    // Nor is its wish to end.
    yieldEogToken: true,
  };
}

/** What llama.cpp hands over where the likeliest suffice; more than any of the cutoffs below leaves in practice. */
const candidateCount = 1024;

/**
 * True unless the first sampler that weighs candidates compares them with the likeliest alone. All others need the sum,
 * the spread or the count of all: beyond the 1024 likeliest, the starter model has 3 % of the probability in the mean
 * and 15 % where anything may follow. It costs about 14 ms a token with a vocabulary of 32,000.
 */
function needsWholeVocabulary(sampling: Sampling): boolean {
  if (isGreedy(sampling)) return false;
  const first = stagesInUse(sampling).find(
    (stage) => !lookingBack.includes(stage) && !(stage === 'temperature' && sampling.temperature <= 1),
  );
  if (first === 'top_k' || first === 'min_p') return false;
  // Up to this target it begins with tokens of at least 1 in 1024, and corrects itself by what it takes.
  return !(first === 'mirostat' && sampling.mirostat_tau <= 5);
}

function penalties(
  sampling: Sampling,
  history: readonly Token[],
): Pick<SequenceEvaluateOptions, 'repeatPenalty'> {
  const { repetition_penalty, repetition_penalty_range, frequency_penalty, presence_penalty } = sampling;
  if (repetition_penalty === 1 && frequency_penalty === 0 && presence_penalty === 0) return {};
  // As in text-generation-webui, 0 means everything: no context is longer.
  const range = repetition_penalty_range === 0 ? 2 ** 20 : repetition_penalty_range;
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
