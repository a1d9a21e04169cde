/** Owns what may come after a prompt: by the model alone, and after every sampler; never writes on. */
import type { Token } from 'node-llama-cpp';
import type { Prompt } from '../../preload/contract/engine.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { Candidate, NextTokens } from '../../preload/contract/tokens.js';
import { readConstraints } from './constraints/constraints.js';
import { Decoder } from './decoding.js';
import { startGuidance } from './guidance.js';
import type { EngineModel } from './model.js';
import { fitRequest } from './prompt-plan.js';
import { readPrompt } from './prompt-reading.js';

/** As many as text-generation-webui shows. */
const shown = 25;

type Shares = readonly (readonly [token: Token, probability: number])[];

/** @param isIncognito nothing of it may reach the disk. @throws AppError prompt-too-long, bad-input */
export async function nextTokens(
  engine: EngineModel,
  prompt: Prompt,
  sampling: Sampling,
  isIncognito = false,
): Promise<NextTokens> {
  const constraints = await readConstraints(sampling, engine);
  const { tokens } = fitRequest(engine, prompt, sampling);
  const read = () =>
    readPrompt(engine, tokens.slice(0, -1), {
      ...{ batches: null, isIncognito, onProgress: () => undefined, signal: new AbortController().signal },
    });
  await read();
  const raw = await rawShares(engine, tokens.at(-1)!);
  // Both ways evaluate the last token; the second one finds the cache as the first one did.
  await read();
  const seed = Math.max(0, sampling.seed);
  const { signal } = new AbortController();
  const guidance = await startGuidance(engine, { prompt, tokens, sampling, signal });
  const decoder = new Decoder(engine, { sampling, constraints, seed, prompt: tokens, guidance });
  try {
    const sampled = await decoder.peek();
    const describe = (shares: Shares) =>
      shares.slice(0, shown).map((share) => candidate(engine, tokens, share));
    return { raw: describe(raw), sampled: describe(sampled) };
  } finally {
    await decoder.close();
  }
}

async function rawShares({ sequence, compute }: EngineModel, last: Token): Promise<Shares> {
  const [output] = await compute.write(() =>
    sequence.controlledEvaluate([
      [
        last,
        {
          generateNext: {
            token: true,
            totalLogitWeight: true,
            logits: { filter: { tokens: [], includeTop: shown } },
          },
        },
      ],
    ]),
  );
  const { logits = new Map<Token, number>(), totalLogitWeight = 1 } = output?.next ?? {};
  const most = Math.max(...logits.values());
  // The weight is the sum of exp(logit - most) over the vocabulary.
  return [...logits].map(([token, logit]) => [token, Math.exp(logit - most) / totalLogitWeight]);
}

/** How a token is shown. @param prompt the tokens before it */
export function candidate(
  { model, vocabulary }: EngineModel,
  prompt: readonly Token[],
  [token, probability]: Shares[number],
): Candidate {
  const isControl = [...vocabulary.controlTokens.values()].includes(token);
  const text = model.detokenize([token], isControl, prompt.slice(-4));
  return { token, text, isText: !isControl && text !== '' && !text.includes('\uFFFD'), probability };
}
