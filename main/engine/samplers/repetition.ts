/** Owns the samplers that look back token by token: penalties, and n-grams that may not come twice. */
import { keep, withLogits, type Candidates } from './candidates.js';

/** How often each token occurs. */
export type Counts = ReadonlyMap<number, number>;

/** @param range tokens looked back at; 0 = all */
export function countTokens(history: readonly number[], range: number): Counts {
  const counts = new Map<number, number>();
  for (let at = range > 0 ? Math.max(0, history.length - range) : 0; at < history.length; at++) {
    const token = history[at]!;
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

/** Divides positive logits of tokens that occurred, multiplies others (CTRL, Keskar et al. 2019, with its sign mended); 1 is neutral. */
export function repetitionPenalty(candidates: Candidates, counts: Counts, penalty: number): Candidates {
  return withLogits(candidates, (logit, token) => {
    if (!counts.has(token)) return logit;
    return logit > 0 ? logit / penalty : logit * penalty;
  });
}

/** Lowers tokens that occurred at all (OpenAI); 0 is neutral. */
export function presencePenalty(candidates: Candidates, counts: Counts, penalty: number): Candidates {
  return withLogits(candidates, (logit, token) => (counts.has(token) ? logit - penalty : logit));
}

/** Lowers tokens for each time they occurred (OpenAI); 0 is neutral. */
export function frequencyPenalty(candidates: Candidates, counts: Counts, penalty: number): Candidates {
  return withLogits(candidates, (logit, token) => logit - penalty * (counts.get(token) ?? 0));
}

/** Raises the tokens of the prompt, or lowers them below 1 (`encoder_repetition_penalty` of transformers); 1 is neutral. */
export function encoderRepetitionPenalty(
  candidates: Candidates,
  prompt: ReadonlySet<number>,
  penalty: number,
): Candidates {
  return withLogits(candidates, (logit, token) => {
    if (!prompt.has(token)) return logit;
    return logit > 0 ? logit * penalty : logit / penalty;
  });
}

/** Drops each token that would complete a sequence of `size` tokens that came before; 0 drops none. */
export function noRepeatNgram(candidates: Candidates, history: readonly number[], size: number): Candidates {
  if (size <= 0 || history.length < size) return candidates;
  const start = history.slice(history.length - (size - 1));
  const banned = new Set<number>();
  for (let at = 0; at + size <= history.length; at++) {
    if (start.every((token, offset) => history[at + offset] === token)) banned.add(history[at + size - 1]!);
  }
  return keep(candidates, (index) => !banned.has(candidates.tokens[index]!));
}
