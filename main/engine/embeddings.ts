/** Owns turning texts into vectors by the loaded model; never keeps one. */
import { t } from '../../preload/contract/language.js';
import type { LlamaModel } from 'node-llama-cpp';
import { AppError } from '../../preload/contract/errors.js';

/** Of a text: the batch holds all of it, as llama.cpp asks for. */
const mostTokens = 2048;

/**
 * A vector of length 1 for each text. The context for it lives as long as the work, so that a model that is only chatted
 * with pays nothing.
 * @throws AppError prompt-too-long, bad-input for a text without a token, cancelled
 */
export async function embed(
  model: LlamaModel,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<{ vectors: number[][]; tokens: number }> {
  const inputs = texts.map((text) => model.tokenize(text));
  for (const { length } of inputs) {
    if (length === 0) throw new AppError({ code: 'bad-input', message: t('An empty text has no vector.') });
    if (length > mostTokens) {
      throw new AppError({
        code: 'prompt-too-long',
        message: t('A text has {count, number} tokens; {most, number} are the most for a vector.', {
          count: length,
          most: mostTokens,
        }),
        hint: t('Split it.'),
      });
    }
  }
  const longest = Math.max(...inputs.map(({ length }) => length));
  const context = await model.createEmbeddingContext({
    contextSize: Math.max(32, longest + 2),
    batchSize: Math.max(32, longest + 2),
    createSignal: signal,
  });
  try {
    const vectors: number[][] = [];
    for (const input of inputs) {
      if (signal.aborted) throw new AppError({ code: 'cancelled', message: t('It was stopped.') });
      const { vector } = await context.getEmbeddingFor(input);
      vectors.push(unit(vector));
    }
    return { vectors, tokens: inputs.reduce((sum, { length }) => sum + length, 0) };
  } finally {
    await context.dispose();
  }
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}
