/** Owns picking the tokens of a reply, by llama.cpp's samplers where they have all that is asked for, else by our chain. */
import type { Token } from 'node-llama-cpp';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { EngineModel } from './model.js';
import { needsChain, SamplerChain } from './samplers/chain.js';
import { nativeSampling, rawSampling } from './sampling.js';

/**
 * The tokens of a reply as they are sampled, until the model ends it.
 * @param history the prompt, all but its last token evaluated; the caller appends each token it takes
 */
export async function* replyTokens(
  { sequence, model, vocabulary }: EngineModel,
  sampling: Sampling,
  seed: number,
  history: readonly Token[],
): AsyncGenerator<Token> {
  const last = [history.at(-1)!];
  if (!needsChain(sampling)) {
    yield* sequence.evaluate(last, nativeSampling(sampling, seed, history));
    return;
  }
  const chain = new SamplerChain({
    sampling,
    seed,
    vocabularySize: vocabulary.size,
    breakers: vocabulary.dryBreakers,
  });
  const steps = sequence.evaluateWithMetadata(last, { probabilities: true }, rawSampling(sampling, history));
  try {
    let step = await steps.next();
    while (step.done !== true) {
      const { probabilities } = step.value;
      const token = chain.sample(
        { tokens: [...probabilities.keys()], logits: [...probabilities.values()].map(Math.log) },
        history,
      ) as Token;
      if (model.isEogToken(token)) return;
      yield token;
      step = await steps.next(token);
    }
  } finally {
    await steps.return();
  }
}
