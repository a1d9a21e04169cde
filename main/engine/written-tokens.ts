/** Owns what the model gave the tokens of a reply: reckoned as they come, told when their text is certain; picks none. */
import type { Token } from 'node-llama-cpp';
import type { TokenShare, WrittenToken } from '../../preload/contract/tokens.js';
import type { EngineModel } from './model.js';
import type { Candidates } from './samplers/candidates.js';
import { bytesOfToken } from './token-bytes.js';

/** Tokens before another one; some tokenizers write spaces by what came before. */
const contextTokens = 4;

export class WrittenTokens {
  readonly #engine: EngineModel;
  readonly #top: number;
  #held: WrittenToken[] = [];
  #certain: WrittenToken[] = [];

  /** @param top how many of the likeliest to tell at each place */
  constructor(engine: EngineModel, top: number) {
    this.#engine = engine;
    this.#top = top;
  }

  /**
   * A token was picked.
   * @param history prompt and reply, with it at the end
   * @param candidates the whole vocabulary before every sampler, likeliest first
   */
  add(history: readonly Token[], candidates: Candidates): void {
    const before = history.slice(-1 - contextTokens, -1);
    const logWeight = logSumExp(candidates.logits);
    const share = (at: number): TokenShare => ({
      ...this.#describe(candidates.tokens[at] as Token, before),
      logprob: candidates.logits[at]! - logWeight,
    });
    const at = candidates.tokens.indexOf(history.at(-1)!);
    const top = candidates.tokens.slice(0, this.#top).map((_, place) => share(place));
    this.#held.push({ ...share(at), top });
  }

  /** All text so far is certain. */
  release(): void {
    this.#certain.push(...this.#held);
    this.#held = [];
  }

  /** The last ones were taken back. */
  takeBack(count: number): void {
    this.#held.length = Math.max(0, this.#held.length - count);
  }

  get hasMore(): boolean {
    return this.#certain.length > 0;
  }

  /** Those that are certain and were not told yet. */
  take(): WrittenToken[] {
    return this.#certain.splice(0);
  }

  #describe(token: Token, before: readonly Token[]): Omit<TokenShare, 'logprob'> {
    const { model, vocabulary } = this.#engine;
    const alone = model.detokenize([token], true);
    // After others a part of a character has no text of its own.
    const text = alone.includes('\uFFFD') ? alone : model.detokenize([token], true, before);
    return { text, bytes: [...bytesOfToken(text, vocabulary.nameOf(token))] };
  }
}

/** ln Σ exp(x), without overflow. @param logits the largest first */
function logSumExp(logits: readonly number[]): number {
  const most = logits[0] ?? 0;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}
