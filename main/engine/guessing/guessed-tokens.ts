/** Owns speculative decoding: several guessed tokens are evaluated in one step, and those that the model would have written stay. */
import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { BatchLog } from '../batch-log.js';
import type { Guess } from './guesser.js';

/** Guesses that were checked, and those among them that were right. */
export type GuessCount = { made: number; taken: number };

export type GuessedTokensOptions = {
  readonly sequence: LlamaContextSequence;
  readonly batchLog: BatchLog;
  /** Prompt and reply so far, not empty; all but the last token are evaluated. Whoever takes a token adds it. */
  readonly history: readonly Token[];
  readonly guess: Guess;
  /** How a token is sampled that comes after the history and these tokens. */
  readonly samplingAfter: (ahead: readonly Token[]) => SequenceEvaluateOptions;
  readonly count: GuessCount;
};

/**
 * The tokens that the model writes, in fewer steps where guesses are right (Leviathan, Kalman, Matias:
 * Fast Inference from Transformers via Speculative Decoding, 2023; here a guess stays where the model's own sampled
 * token is the same, so that the samplers alone decide what is written). The library's own predictors keep no more than
 * one guess of a step.
 */
export async function* guessedTokens(options: GuessedTokensOptions): AsyncGenerator<Token, void, Token> {
  const { sequence, batchLog, history, guess, samplingAfter, count } = options;
  for (;;) {
    const pending = history.at(-1)!;
    const guesses = (await guess(history)).slice(0, room(sequence));
    const results = await sequence.controlledEvaluate(
      [pending, ...guesses].map((token, index) => [
        token,
        { generateNext: { token: true, options: samplingAfter(guesses.slice(0, index)) } },
      ]),
    );
    batchLog.add(1 + guesses.length);
    let right = 0;
    try {
      for (;;) {
        const token = results[right]?.next.token;
        if (token === null || token === undefined) throw new Error('llama.cpp gave no token');
        yield token;
        if (guesses[right] !== token) break;
        right++;
      }
    } finally {
      count.made += guesses.length;
      count.taken += right;
      const wrong = guesses.length - right;
      const end = sequence.nextTokenIndex;
      if (wrong > 0) await sequence.eraseContextTokenRanges([{ start: end - wrong, end }]);
      batchLog.cut(sequence.nextTokenIndex);
    }
  }
}

/** Guesses that the context has room for, with the token before them and the one after. */
function room({ contextSize, nextTokenIndex }: LlamaContextSequence): number {
  return Math.max(0, contextSize - nextTokenIndex - 3);
}
