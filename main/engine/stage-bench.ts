/** Owns what may come next after each sampler: reads a prompt once, and answers for any samplers from what the model said; never writes on. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { EngineInput } from '../../preload/contract/engine.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { ChartStage } from '../../preload/contract/sampler-stages.js';
import { isGreedy } from '../../preload/contract/sampler-use.js';
import type { StageShares } from '../../preload/contract/tokens.js';
import { readConstraints, type Constraints } from './constraints/constraints.js';
import { GrammarState } from './constraints/grammar-state.js';
import { TokenBans } from './constraints/token-bans.js';
import { readBreakers } from './decoding.js';
import { guided, startGuidance } from './guidance.js';
import type { EngineModel } from './model.js';
import { candidate } from './next-tokens.js';
import { fitRequest } from './prompt-plan.js';
import { readPrompt } from './prompt-reading.js';
import { probabilities, type Candidates } from './samplers/candidates.js';
import { SamplerChain } from './samplers/chain.js';
import { rawSampling } from './sampling.js';
import { stoppedBeforeStart } from './stopped.js';

type Request = Omit<EngineInput<'stageShares'>, 'runId'>;

/** What the model said of a prompt, each by what it depends on. */
type Kept = {
  readonly prompt: string;
  readonly tokens: readonly Token[];
  readonly model: Candidates;
  demands: { readonly key: string; readonly left: Candidates };
  unwanted: { readonly key: string; readonly left: Candidates } | null;
};

/** As many as a bar has room for. */
const shown = 12;

/** Of one loaded model. */
export class StageBench {
  readonly #engine: EngineModel;
  #kept: Kept | null = null;
  #evaluated = 0;

  constructor(engine: EngineModel) {
    this.#engine = engine;
  }

  /**
   * @param onProgress tokens of the prompt that are read, of how many
   * @throws AppError prompt-too-long, bad-input for demands that can't be followed, cancelled
   */
  async shares(
    request: Request,
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<StageShares> {
    const { sampling } = request;
    this.#evaluated = 0;
    const constraints = await readConstraints(sampling, this.#engine);
    const kept = await this.#read(request, onProgress, signal);
    const stages = await this.#stages(kept, request, constraints, signal);
    return {
      stages: stages.map(([stage, left]) => ({
        stage,
        left: left.tokens.length,
        top: this.#top(kept, left),
      })),
      promptTokens: kept.tokens.length,
      evaluatedTokens: this.#evaluated,
    };
  }

  async #stages(
    kept: Kept,
    request: Request,
    constraints: Constraints,
    signal: AbortSignal,
  ): Promise<(readonly [ChartStage, Candidates])[]> {
    const { sampling } = request;
    const stages: (readonly [ChartStage, Candidates])[] = [['model', kept.model]];
    let left = kept.model;
    if (constraints.grammar !== null || constraints.biases.size > 0) {
      left = await this.#demanded(kept, request, constraints, signal);
      stages.push(['demands', left]);
    }
    // Demands that no token fits end the reply.
    if (left.tokens.length === 0) return stages;
    if (sampling.guidance_scale !== 1) {
      left = guided(left, await this.#unwanted(kept, request, constraints, signal), sampling.guidance_scale);
      stages.push(['guidance', left]);
    }
    const chain = new SamplerChain({
      sampling,
      seed: Math.max(0, sampling.seed),
      vocabularySize: this.#engine.vocabulary.size,
      breakers: readBreakers(sampling, this.#engine.vocabulary),
      prompt: kept.tokens,
    });
    const steps = chain.steps(left, kept.tokens);
    left = steps.at(-1)?.[1] ?? left;
    stages.push(...steps);
    if (isGreedy(sampling)) stages.push(['likeliest', firstOf(left)]);
    return stages;
  }

  /** What the model says of the prompt; read only where it is another one. */
  async #read(
    { prompt, sampling, incognito }: Request,
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<Kept> {
    const key = JSON.stringify([prompt, sampling.max_new_tokens, sampling.add_bos_token]);
    if (this.#kept?.prompt === key) return this.#kept;
    const { tokens } = fitRequest(this.#engine, prompt, sampling);
    const model = await this.#evaluate(tokens, { incognito, sampling, options: {}, onProgress, signal });
    this.#kept = { prompt: key, tokens, model, demands: { key: '', left: model }, unwanted: null };
    return this.#kept;
  }

  /** What is left by biases, bans and a grammar, which llama.cpp applies itself. */
  async #demanded(
    kept: Kept,
    { sampling, incognito }: Request,
    { biases, grammar }: Constraints,
    signal: AbortSignal,
  ): Promise<Candidates> {
    const key = demandsKey(sampling);
    if (kept.demands.key === key) return kept.demands.left;
    const options: SequenceEvaluateOptions = {
      ...biasOption(this.#engine, biases),
      ...(grammar !== null && {
        grammarEvaluationState: new GrammarState(this.#engine.model, grammar).state,
      }),
    };
    const left = await this.#evaluate(kept.tokens, {
      ...{ incognito, sampling, options, signal },
      onProgress: () => undefined,
    });
    kept.demands = { key, left };
    return left;
  }

  async #unwanted(
    kept: Kept,
    { prompt, sampling }: Request,
    { biases }: Constraints,
    signal: AbortSignal,
  ): Promise<Candidates> {
    const key = JSON.stringify([sampling.negative_prompt, demandsKey(sampling)]);
    if (kept.unwanted?.key === key) return kept.unwanted.left;
    const guidance = await startGuidance(this.#engine, { prompt, tokens: kept.tokens, sampling, signal });
    if (guidance === null) return kept.model;
    try {
      guidance.begin(sampling, biasOption(this.#engine, biases));
      const left = await guidance.unwanted();
      this.#evaluated++;
      kept.unwanted = { key, left };
      return left;
    } finally {
      await guidance.close();
    }
  }

  async #evaluate(
    tokens: readonly Token[],
    {
      incognito,
      sampling,
      options,
      onProgress,
      signal,
    }: Pick<Request, 'incognito' | 'sampling'> & {
      readonly options: SequenceEvaluateOptions;
      readonly onProgress: (done: number, total: number) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<Candidates> {
    const { sequence, logits, compute, batchLog } = this.#engine;
    const body = tokens.slice(0, -1);
    const found = await readPrompt(this.#engine, body, {
      ...{ batches: null, isIncognito: incognito, signal },
      onProgress: (done) => onProgress(done, body.length),
    });
    if (found === null) throw stoppedBeforeStart();
    this.#evaluated += body.length - found.reused;
    logits.open();
    try {
      const steps = sequence.evaluate(tokens.slice(-1), { ...rawSampling(sampling, true), ...options });
      await compute.write(() => steps.next());
      await steps.return();
      batchLog.add(1);
      this.#evaluated++;
      return logits.candidates();
    } finally {
      logits.close();
    }
  }

  #top({ tokens: prompt }: Kept, left: Candidates): StageShares['stages'][number]['top'] {
    const shares = left.tokens.length === 0 ? [] : probabilities(left);
    return left.tokens
      .slice(0, shown)
      .map((token, index) => candidate(this.#engine, prompt, [token as Token, shares[index]!]));
  }
}

const firstOf = ({ tokens, logits }: Candidates): Candidates => ({
  tokens: tokens.slice(0, 1),
  logits: logits.slice(0, 1),
});

function biasOption(
  { model }: EngineModel,
  biases: Constraints['biases'],
): Pick<SequenceEvaluateOptions, 'tokenBias'> {
  return biases.size === 0 ? {} : { tokenBias: new TokenBans(model, biases).biasAt(0) };
}

/** All that the demands on the first token depend on. */
const demandsKey = (sampling: Sampling): string =>
  JSON.stringify([
    sampling.logit_bias,
    sampling.custom_token_bans,
    sampling.ban_eos_token,
    sampling.grammar_string,
    sampling.json_schema,
  ]);
