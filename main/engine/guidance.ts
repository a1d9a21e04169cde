/** Owns classifier-free guidance (Sanchez et al. 2023): the same reply read after a negative prompt too, and both readings in one choice. */
import { t } from '../../preload/contract/language.js';
import type { LlamaContext, LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Prompt } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import { LogitsTap } from './logits.js';
import type { EngineModel } from './model.js';
import { smallestPiece } from './pieces.js';
import { fitPrompt, segmentsOf } from './prompt-plan.js';
import { withLogits, type Candidates } from './samplers/candidates.js';
import { rawSampling } from './sampling.js';
import { promptTokens } from './tokens.js';

export type GuidanceOptions = {
  readonly prompt: Prompt;
  /** Its tokens. */
  readonly tokens: readonly Token[];
  readonly sampling: Sampling;
  readonly signal: AbortSignal;
};

/**
 * Reads the negative prompt into a cache of its own. In a chat it takes the place of the system prompt; an empty one
 * leaves nothing but the last token of the prompt, as in Hugging Face's transformers.
 * @returns null where guidance is off, which costs nothing
 * @throws AppError model-too-large when there is no memory for the second cache, prompt-too-long
 */
export async function startGuidance(engine: EngineModel, options: GuidanceOptions): Promise<Guidance | null> {
  const { sampling, tokens, signal } = options;
  if (sampling.guidance_scale === 1) return null;
  const negative = negativeTokens(engine, options);
  const contextSize = negative.length + engine.info.contextSize - tokens.length;
  const context = await makeContext(engine, contextSize);
  const sequence = context.getSequence();
  const body = negative.slice(0, -1);
  for (let at = 0; at < body.length && !signal.aborted; at += smallestPiece) {
    const piece = body.slice(at, at + smallestPiece);
    await engine.compute.read(piece.length, () => sequence.evaluateWithoutGeneratingNewTokens(piece));
  }
  return new Guidance(context, sequence, negative, sampling.guidance_scale);
}

function negativeTokens(
  engine: EngineModel,
  { prompt, tokens, sampling }: GuidanceOptions,
): readonly Token[] {
  const { negative_prompt: text, max_new_tokens } = sampling;
  if (text.trim() === '') return tokens.slice(-1);
  if (prompt.kind === 'text') return promptTokens(segmentsOf({ ...prompt, text }), engine.vocabulary);
  const turns = prompt.messages.filter(({ role }) => role !== 'system');
  return fitPrompt(engine, { ...prompt, messages: [{ role: 'system', text }, ...turns] }, max_new_tokens)
    .tokens;
}

async function makeContext(
  { model, info, sequence }: EngineModel,
  contextSize: number,
): Promise<LlamaContext> {
  const { kvCacheKeyType, kvCacheValueType } = sequence.context;
  try {
    return await model.createContext({
      contextSize,
      sequences: 1,
      threads: { ideal: info.threads, min: 1 },
      batchSize: Math.min(512, contextSize),
      experimentalKvCacheKeyType: kvCacheKeyType,
      experimentalKvCacheValueType: kvCacheValueType,
    });
  } catch (thrown) {
    throw new AppError(
      {
        code: 'model-too-large',
        message: t('There is not enough memory for guidance, which keeps a second context.'),
        hint: t('Set guidance_scale to 1, or a smaller context under Parameters.'),
        details: thrown instanceof Error ? thrown.message : String(thrown),
      },
      { cause: thrown },
    );
  }
}

export class Guidance {
  readonly #context: LlamaContext;
  readonly #sequence: LlamaContextSequence;
  readonly #logits: LogitsTap;
  readonly #scale: number;
  readonly #promptLength: number;
  /** The negative prompt and the reply so far. */
  readonly #history: Token[];
  #steps: AsyncGenerator<Token, void, Token> | null = null;

  constructor(
    context: LlamaContext,
    sequence: LlamaContextSequence,
    negative: readonly Token[],
    scale: number,
  ) {
    this.#context = context;
    this.#sequence = sequence;
    this.#logits = new LogitsTap(context);
    this.#history = [...negative];
    this.#promptLength = negative.length;
    this.#scale = scale;
  }

  /** @param options the biases that the other reading has: what both have, guidance leaves as it is */
  begin(sampling: Sampling, options: Pick<SequenceEvaluateOptions, 'tokenBias'>): void {
    this.#logits.open();
    const all = { ...rawSampling(sampling, true), ...options };
    this.#steps = this.#sequence.evaluate(this.#history.slice(-1), all);
  }

  /** What may come next by both readings. */
  async guide(candidates: Candidates): Promise<Candidates> {
    return guided(candidates, await this.unwanted(), this.#scale);
  }

  /** What may come next after the negative prompt. */
  async unwanted(): Promise<Candidates> {
    await this.#steps?.next(this.#history.at(-1)!);
    return this.#logits.candidates();
  }

  take(token: Token): void {
    this.#history.push(token);
  }

  /** @param kept tokens of the reply that are left */
  async rewind(kept: number): Promise<void> {
    this.#history.length = this.#promptLength + kept;
    const body = this.#history.slice(0, -1);
    await this.#sequence.adaptStateToTokens(body, false);
    const missing = body.slice(this.#sequence.nextTokenIndex);
    if (missing.length > 0) await this.#sequence.evaluateWithoutGeneratingNewTokens(missing);
  }

  async close(): Promise<void> {
    await this.#steps?.return();
    await this.#context.dispose();
  }
}

/** Both readings in one: the logarithms of the probabilities, their difference stretched by the scale. */
export function guided(candidates: Candidates, negative: Candidates, scale: number): Candidates {
  const wanted = logProbability(candidates);
  const unwanted = logProbability(negative);
  // A place for each token: to map a whole vocabulary for each word takes longer than the model does.
  const byToken = new Float64Array(1 + negative.tokens.reduce((most, token) => Math.max(most, token), 0));
  byToken.fill(NaN);
  negative.tokens.forEach((token, index) => (byToken[token] = unwanted(negative.logits[index]!)));
  return withLogits(candidates, (logit, token) => {
    const is = wanted(logit);
    const other = byToken[token] ?? NaN;
    return Number.isNaN(other) ? is : is + (scale - 1) * (is - other);
  });
}

/** @returns the logarithm of the probability that a logit among these has; of hardly any, that of 1e-40 */
function logProbability({ logits }: Candidates): (logit: number) => number {
  const max = logits[0] ?? 0;
  const logOfSum = max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
  return (logit) => Math.max(logit - logOfSum, leastLog);
}

const leastLog = Math.log(1e-40);
