/** Owns how the sampling parameters map to llama.cpp's samplers; never samples itself. */
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
  const { repetition_penalty, repetition_penalty_range, frequency_penalty, presence_penalty } = sampling;
  const penalised = repetition_penalty !== 1 || frequency_penalty !== 0 || presence_penalty !== 0;
  // As in text-generation-webui, 0 means everything; bounded, since the list is copied for each token.
  const range = repetition_penalty_range === 0 ? 4096 : repetition_penalty_range;
  return {
    temperature: sampling.temperature,
    topP: sampling.top_p,
    topK: sampling.top_k,
    minP: sampling.min_p,
    seed,
    ...(penalised
      ? {
          repeatPenalty: {
            punishTokens: () => history.slice(-range),
            maxPunishTokens: range,
            penalty: repetition_penalty,
            frequencyPenalty: frequency_penalty,
            presencePenalty: presence_penalty,
          },
        }
      : {}),
  };
}
