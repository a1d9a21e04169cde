/** Owns which saved KV states are worth what: which one helps a prompt, and which have to go; knows no disk and no model. */
import type { Batch } from '../../preload/contract/chats.js';

export type SavedState = {
  readonly id: string;
  /** What the state belongs to, see state-key.ts: under another key it means nothing. */
  readonly key: string;
  /** The tokens that were evaluated, from the first on. */
  readonly tokens: readonly number[];
  /** In which batches; see batch-log.ts. */
  readonly batches: readonly Batch[] | null;
  readonly sizeBytes: number;
  readonly usedAtMs: number;
};

/** Tokens whose evaluation is worth a file; fewer are as well read again. */
export const worthTokens = 128;

/** Loading a state takes at most about this share of evaluating its tokens; less on slow models. */
const loadingCost = 0.1;

/** How many tokens two lists share from the first on. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}

/**
 * The state to load for a prompt: the one that spares most of its evaluation.
 * @param states those of one key
 * @param live tokens of the prompt that are in memory
 * @returns null when loading one is not worth it
 */
export function bestState<S extends SavedState>(
  states: readonly S[],
  prompt: readonly number[],
  live: number,
): S | null {
  let best: S | null = null;
  let bestGain = worthTokens;
  for (const state of states) {
    const gain = commonPrefix(state.tokens, prompt) - live - loadingCost * state.tokens.length;
    if (gain < bestGain) continue;
    best = state;
    bestGain = gain;
  }
  return best;
}

/** How many of these tokens would have to be evaluated again if only the saved states were left. */
export function unsavedTokens(states: readonly SavedState[], tokens: readonly number[]): number {
  return states.reduce(
    (fewest, state) => Math.min(fewest, tokens.length - commonPrefix(state.tokens, tokens)),
    tokens.length,
  );
}

/** The states that a new one of the same key makes needless: it holds all of them that is worth a file. */
export function superseded<S extends SavedState>(states: readonly S[], tokens: readonly number[]): S[] {
  return states.filter((state) => state.tokens.length - commonPrefix(state.tokens, tokens) < worthTokens);
}

/** The states to remove so that the rest fits, least recently used first. */
export function overBudget<S extends SavedState>(states: readonly S[], budgetBytes: number): S[] {
  let sizeBytes = states.reduce((sum, state) => sum + state.sizeBytes, 0);
  const removed: S[] = [];
  for (const state of [...states].sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (sizeBytes <= budgetBytes) break;
    removed.push(state);
    sizeBytes -= state.sizeBytes;
  }
  return removed;
}
