/** Owns who guesses what comes next: a repeated passage first, since it costs nothing, then the draft model. */
import type { Token } from 'node-llama-cpp';
import type { DraftModel } from './draft-model.js';
import { lookUp } from './prompt-lookup.js';

export type Guess = (history: readonly Token[]) => Promise<readonly Token[]>;

/** @param lookUpTokens guesses of a repeated passage at a time; 0 = none */
export function guesser(lookUpTokens: number, draft: DraftModel | null): Guess {
  return async (history) => {
    const repeated = lookUpTokens === 0 ? [] : lookUp(history, lookUpTokens);
    return repeated.length > 0 || draft === null ? repeated : draft.guess(history);
  };
}
