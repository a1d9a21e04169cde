/** Owns how the sampling parameters reach llama.cpp: all of them as its own samplers, or penalties only, for our chain. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../../preload/contract/parameters.js';

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
    temperature: sampling.do_sample ? sampling.temperature : 0,
    topP: sampling.top_p,
    topK: sampling.top_k,
    minP: sampling.min_p,
    seed,
    ...penalties(sampling, history),
  };
}

/** Candidates that our own samplers see; what is less likely has no say in practice. */
const candidateCount = 512;

/** Options with which llama.cpp applies penalties, which need true logits, and leaves the rest to our chain. */
export function rawSampling(sampling: Sampling, history: readonly Token[]): SequenceEvaluateOptions {
  return {
    temperature: 1,
    topP: 1,
    topK: candidateCount,
    minP: 0,
    // Its own pick is not used.
    seed: 0,
    // Nor is its wish to end.
    yieldEogToken: true,
    ...penalties(sampling, history),
  };
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
