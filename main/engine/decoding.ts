/** Owns picking the tokens of a reply, by llama.cpp's samplers where they have all that is asked for, else by our chain. */
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Sampling } from '../../preload/contract/parameters.js';
import { isGreedy, stagesInUse } from '../../preload/contract/sampler-use.js';
import { parseStrings } from '../../preload/contract/text-formats.js';
import type { BannedString } from './constraints/banned-strings.js';
import type { Constraints } from './constraints/constraints.js';
import { GrammarState } from './constraints/grammar-state.js';
import { TokenBans } from './constraints/token-bans.js';
import { guessedTokens, type GuessCount } from './guessing/guessed-tokens.js';
import { guesser } from './guessing/guesser.js';
import type { Guidance } from './guidance.js';
import type { EngineModel } from './model.js';
import { probabilities, type Candidates } from './samplers/candidates.js';
import { SamplerChain } from './samplers/chain.js';
import { seedAt } from './samplers/random.js';
import { sequenceBreakers, type SequenceBreakers } from './samplers/dry-breakers.js';
import { nativeSampling, needsChain, rawSampling } from './sampling.js';
import type { Vocabulary } from './tokens.js';

export type DecoderOptions = {
  readonly sampling: Sampling;
  readonly constraints: Constraints;
  readonly seed: number;
  /** Not empty; all but its last token are evaluated. */
  readonly prompt: readonly Token[];
  /** Null = off. Closed with the decoder. */
  readonly guidance: Guidance | null;
  /** Whether `given` is asked for. */
  readonly tellsGiven?: boolean;
};

/** So often a reply is taken back before it is given up. */
const maxTries = 1000;

/** Picks one token after another; `close` must be called at the end. */
export class Decoder {
  readonly #engine: EngineModel;
  readonly #chain: SamplerChain | null;
  readonly #guidance: Guidance | null;
  readonly #grammar: GrammarState | null;
  readonly #bans: TokenBans | null;
  /** llama.cpp's picks; it goes on with the token that `next` is given. */
  readonly #steps: AsyncGenerator<Token, void, Token>;
  /** Whether several tokens are evaluated at a time, by guessing them. */
  readonly guessing: boolean;
  readonly guesses: GuessCount = { made: 0, taken: 0 };
  readonly #promptLength: number;
  /** Prompt and reply so far. */
  readonly #history: Token[];
  readonly #options: SequenceEvaluateOptions;
  readonly #isGreedy: boolean;
  #tries = 0;
  #given: Candidates = { tokens: [], logits: [] };

  constructor(engine: EngineModel, options: DecoderOptions) {
    const { sampling, constraints, seed, prompt, guidance, tellsGiven = false } = options;
    this.#engine = engine;
    this.#isGreedy = isGreedy(sampling);
    this.#guidance = guidance;
    this.#history = [...prompt];
    this.#promptLength = prompt.length;
    this.#chain =
      needsChain(sampling) || guidance !== null || tellsGiven
        ? new SamplerChain({
            sampling,
            seed,
            vocabularySize: engine.vocabulary.size,
            breakers: readBreakers(sampling, engine.vocabulary),
            prompt,
          })
        : null;
    this.#grammar = constraints.grammar === null ? null : new GrammarState(engine.model, constraints.grammar);
    this.#bans =
      constraints.biases.size > 0 || constraints.bannedStrings.length > 0
        ? new TokenBans(engine.model, constraints.biases)
        : null;
    if (this.#chain !== null) engine.logits.open();
    // Our samplers, grammars and bans go from token to token.
    const canGuess = this.#chain === null && this.#grammar === null && this.#bans === null;
    this.guessing = canGuess && (sampling.prompt_lookup_num_tokens > 0 || engine.draft !== null);
    const constraintOptions = this.#constraintOptions();
    guidance?.begin(sampling, constraintOptions);
    this.#options = {
      ...(this.#chain === null
        ? nativeSampling(sampling, seed, this.#history)
        : rawSampling(sampling, guidance !== null || tellsGiven)),
      ...constraintOptions,
    };
    this.#steps = this.guessing ? this.#guessed(sampling, seed) : this.#evaluate();
  }

  /** Prompt and reply so far. */
  get history(): readonly Token[] {
    return this.#history;
  }

  /** The whole vocabulary as the model gave it for the last token, after bias and demands, likeliest first. */
  get given(): Candidates {
    return this.#given;
  }

  /** The next token; null when the model ends its reply. */
  async next(): Promise<Token | null> {
    const step = await this.#steps.next(this.#history.at(-1)!);
    if (!this.guessing) this.#engine.batchLog.add(1);
    if (step.done === true) return null;
    const token = this.#chain === null ? step.value : await this.#pick(this.#chain);
    if (token === null || this.#engine.model.isEogToken(token)) return null;
    if (this.#chain !== null) this.#grammar?.accept(token);
    this.#history.push(token);
    this.#guidance?.take(token);
    return token;
  }

  /** What may come next after every sampler, likeliest first, with shares that sum to 1; nothing is picked. */
  async peek(): Promise<(readonly [token: Token, share: number])[]> {
    this.#engine.logits.open();
    const steps = this.#evaluate();
    await steps.next();
    await steps.return();
    this.#engine.batchLog.add(1);
    const given = await this.#candidates();
    if (given.tokens.length === 0) return [];
    const left = this.#chain?.apply(given, this.#history) ?? given;
    if (this.#isGreedy) return [[left.tokens[0] as Token, 1]];
    const shares = probabilities(left);
    return left.tokens.map((token, index) => [token as Token, shares[index]!]);
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

  /** With a seed for each place, the text is the same whatever was guessed. */
  #guessed(sampling: Sampling, seed: number): AsyncGenerator<Token, void, Token> {
    const { sequence, batchLog, draft } = this.#engine;
    return guessedTokens({
      ...{ sequence, batchLog },
      history: this.#history,
      guess: guesser(sampling.prompt_lookup_num_tokens, draft),
      samplingAfter: (ahead) => {
        const before = ahead.length === 0 ? this.#history : [...this.#history, ...ahead];
        return nativeSampling(sampling, seedAt(seed, before.length), before);
      },
      count: this.guesses,
    });
  }

  /** Our pick; null when the demands leave no token. */
  async #pick(chain: SamplerChain): Promise<Token | null> {
    const candidates = await this.#candidates();
    return candidates.tokens.length === 0 ? null : (chain.sample(candidates, this.#history) as Token);
  }

  async #candidates(): Promise<Candidates> {
    const candidates = (this.#given = this.#engine.logits.candidates());
    return this.#guidance === null || candidates.tokens.length === 0
      ? candidates
      : this.#guidance.guide(candidates);
  }

  async #rewind(kept: number): Promise<void> {
    const { sequence, batchLog } = this.#engine;
    this.#history.length = this.#promptLength + kept;
    const body = this.#history.slice(0, -1);
    await sequence.adaptStateToTokens(body, false);
    batchLog.cut(sequence.nextTokenIndex);
    // Where a cache can't drop its end it is shorter now than was asked for.
    const missing = body.slice(sequence.nextTokenIndex);
    if (missing.length > 0) {
      await sequence.evaluateWithoutGeneratingNewTokens(missing);
      batchLog.add(missing.length);
    }
    await this.#guidance?.rewind(kept);
    this.#grammar?.restart(this.#history.slice(this.#promptLength));
  }

  #evaluate(): AsyncGenerator<Token, void, Token> {
    return this.#engine.sequence.evaluate([this.#history.at(-1)!], this.#options);
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
    this.#engine.logits.close();
    await this.#steps.return();
    await this.#guidance?.close();
  }
}

/** Where DRY starts anew; none while it is not in use. */
export function readBreakers(sampling: Sampling, { tokenTexts, tokenize }: Vocabulary): SequenceBreakers {
  if (!stagesInUse(sampling).includes('dry')) return new Map();
  return sequenceBreakers(parseStrings(sampling.dry_sequence_breakers) ?? [], tokenTexts(), tokenize);
}
