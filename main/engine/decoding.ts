/** Owns picking the tokens of a reply, by llama.cpp's samplers where they have all that is asked for, else by our chain. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { BannedString } from './constraints/banned-strings.js';
import type { Constraints } from './constraints/constraints.js';
import { GrammarState } from './constraints/grammar-state.js';
import { TokenBans } from './constraints/token-bans.js';
import type { EngineModel } from './model.js';
import type { Candidates } from './samplers/candidates.js';
import { needsChain, SamplerChain } from './samplers/chain.js';
import { nativeSampling, rawSampling } from './sampling.js';

export type DecoderOptions = {
  readonly sampling: Sampling;
  readonly constraints: Constraints;
  readonly seed: number;
  /** Not empty; all but its last token are evaluated. */
  readonly prompt: readonly Token[];
};

/** llama.cpp's pick, and for our chain the shares of the likeliest tokens. */
type Step = { readonly token: Token; readonly probabilities?: ReadonlyMap<Token, number> };

/** So often a reply is taken back before it is given up. */
const maxTries = 1000;

/** Picks one token after another; `close` must be called at the end. */
export class Decoder {
  readonly #engine: EngineModel;
  readonly #chain: SamplerChain | null;
  readonly #grammar: GrammarState | null;
  readonly #bans: TokenBans | null;
  readonly #steps: AsyncGenerator<Step, void, Token>;
  readonly #promptLength: number;
  /** Prompt and reply so far. */
  readonly #history: Token[];
  #tries = 0;

  constructor(engine: EngineModel, { sampling, constraints, seed, prompt }: DecoderOptions) {
    this.#engine = engine;
    this.#history = [...prompt];
    this.#promptLength = prompt.length;
    this.#chain = needsChain(sampling)
      ? new SamplerChain({
          sampling,
          seed,
          vocabularySize: engine.vocabulary.size,
          breakers: engine.vocabulary.dryBreakers,
        })
      : null;
    this.#grammar = constraints.grammar === null ? null : new GrammarState(engine.model, constraints.grammar);
    this.#bans =
      constraints.biases.size > 0 || constraints.bannedStrings.length > 0
        ? new TokenBans(engine.model, constraints.biases)
        : null;
    const samplers =
      this.#chain === null
        ? nativeSampling(sampling, seed, this.#history)
        : rawSampling(sampling, this.#history);
    const last = [prompt.at(-1)!];
    const options = { ...samplers, ...this.#constraintOptions() };
    this.#steps =
      this.#chain === null
        ? engine.sequence.evaluateWithMetadata(last, {}, options)
        : engine.sequence.evaluateWithMetadata(last, { probabilities: true }, options);
  }

  /** Prompt and reply so far. */
  get history(): readonly Token[] {
    return this.#history;
  }

  /** The next token; null when the model ends its reply. */
  async next(): Promise<Token | null> {
    const step = await this.#steps.next(this.#history.at(-1)!);
    if (step.done === true) return null;
    const token =
      this.#chain === null
        ? step.value.token
        : (this.#chain.sample(candidates(step.value.probabilities ?? new Map()), this.#history) as Token);
    if (this.#engine.model.isEogToken(token)) return null;
    if (this.#chain !== null) this.#grammar?.accept(token);
    this.#history.push(token);
    return token;
  }

  /**
   * Takes the reply back to before a banned string, and keeps the token that began it from being tried there again. With
   * a grammar, which may have forced that token, the last one goes first.
   * @returns how many tokens of the reply are left; null when no way on was found
   */
  async avoid({ firstPlace, lastPlace, floor }: BannedString): Promise<number | null> {
    if (++this.#tries > maxTries) return null;
    let place = this.#grammar === null ? firstPlace : lastPlace;
    const token = () => this.#history[this.#promptLength + place]!;
    let open = this.#bans!.forbid(place, token(), firstPlace === lastPlace);
    while (!open && --place >= floor) open = this.#bans!.forbid(place, token(), false);
    if (!open) return null;
    await this.#rewind(place);
    return place;
  }

  async #rewind(kept: number): Promise<void> {
    const { sequence } = this.#engine;
    this.#history.length = this.#promptLength + kept;
    const body = this.#history.slice(0, -1);
    await sequence.adaptStateToTokens(body, false);
    // Where a cache can't drop its end it is shorter now than was asked for.
    const missing = body.slice(sequence.nextTokenIndex);
    if (missing.length > 0) await sequence.evaluateWithoutGeneratingNewTokens(missing);
    this.#grammar?.restart(this.#history.slice(this.#promptLength));
  }

  #constraintOptions(): Pick<SequenceEvaluateOptions, 'tokenBias' | 'grammarEvaluationState'> {
    const [bans, grammar, chain] = [this.#bans, this.#grammar, this.#chain];
    return {
      ...(bans === null ? {} : { tokenBias: () => bans.biasAt(this.#history.length - this.#promptLength) }),
      // llama.cpp moves the grammar on by its own pick, which is not ours.
      ...(grammar === null
        ? {}
        : { grammarEvaluationState: () => (chain === null ? grammar.state : grammar.state.clone()) }),
    };
  }

  /** Ends the reply; nothing more can be asked of it. */
  async close(): Promise<void> {
    await this.#steps.return();
  }
}

/** What may come next; tokens that a grammar refuses have no share. */
function candidates(shares: ReadonlyMap<Token, number>): Candidates {
  const possible = [...shares].filter(([, share]) => share > 0);
  return { tokens: possible.map(([token]) => token), logits: possible.map(([, share]) => Math.log(share)) };
}
