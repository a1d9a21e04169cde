/** Owns how well a model expects a text; never writes one. */
import { t } from '../../preload/contract/language.js';
import type { Token } from 'node-llama-cpp';
import { AppError } from '../../preload/contract/errors.js';
import type { Perplexity } from '../../preload/contract/tokens.js';
import type { EngineModel } from './model.js';
import { smallestPiece } from './pieces.js';
import { promptTokens } from './tokens.js';

/** Tokens that the model sees at once, where the context is larger. */
const widest = 2048;

/**
 * The perplexity of a text: exp of the mean of -ln p(token | tokens before it in its window), Jelinek et al. 1977. Windows
 * move on by half their length, so that each token but those of the first window has at least half a window before it
 * (a stride as in Hugging Face's “Perplexity of fixed-length models”); each begins with BOS where the model wants one,
 * as llama.cpp's llama-perplexity does it.
 * @param onProgress tokens predicted so far, of how many
 * @throws AppError bad-input for a text without anything to predict, cancelled
 */
export async function perplexity(
  engine: EngineModel,
  text: string,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Perplexity> {
  const { sequence, vocabulary, info, states, batchLog } = engine;
  const all = promptTokens([{ source: 'user', text }], vocabulary);
  const head = vocabulary.addBos && vocabulary.bos !== null ? [vocabulary.bos] : [];
  const body = all.slice(head.length);
  const window = Math.min(widest, info.contextSize - 1) - head.length;
  // Without BOS nothing predicts the first token.
  const first = head.length === 0 ? 1 : 0;
  const total = body.length - first;
  if (total < 1) {
    throw new AppError({
      code: 'bad-input',
      message: t('This text is too short: there is no token to predict.'),
    });
  }
  await states?.save();
  let scored = first;
  let surprise = 0;
  try {
    for (let start = 0; scored < body.length; start += window >> 1) {
      await sequence.clearHistory();
      const tokens = [...head, ...body.slice(start, start + window)];
      const from = head.length + scored - start;
      for (let at = 0; at + 1 < tokens.length; at += smallestPiece) {
        if (signal.aborted)
          throw new AppError({ code: 'cancelled', message: t('The measurement was stopped.') });
        surprise += await surpriseOf(engine, tokens, at, from);
        scored = Math.max(scored, start - head.length + Math.min(at + smallestPiece + 1, tokens.length));
        onProgress(scored - first, total);
      }
    }
    return { perplexity: Math.exp(surprise / total), tokens: total, window: window + head.length };
  } finally {
    await sequence.clearHistory();
    batchLog.cut(0);
  }
}

/**
 * Evaluates the tokens from `at` on, a piece of them, each of which predicts the one behind it.
 * @param from the first token that counts
 * @returns the sum of -ln p of those that count
 */
async function surpriseOf(
  { sequence, compute }: EngineModel,
  tokens: readonly Token[],
  at: number,
  from: number,
): Promise<number> {
  const end = Math.min(at + smallestPiece, tokens.length - 1);
  let sum = 0;
  await compute.read(end - at, async () => {
    const outputs = await sequence.controlledEvaluate(
      tokens.slice(at, end).map((token, index) => {
        const next = at + index + 1;
        if (next < from) return token;
        // The token that is selected at temperature 0 is the likeliest one, whose logit the weight is counted from.
        const filter = { tokens: [tokens[next]!], includeSelected: true };
        return [token, { generateNext: { totalLogitWeight: true, logits: { filter } } }];
      }),
    );
    outputs.forEach((output, index) => {
      const { logits, totalLogitWeight } = output?.next ?? {};
      if (logits === undefined || totalLogitWeight === undefined) return;
      const most = Math.max(...logits.values());
      sum += Math.log(totalLogitWeight) - (logits.get(tokens[at + index + 1]!)! - most);
    });
  });
  return sum;
}
