/** Owns what is added to the logits of tokens: the user's biases, and bans that a reply's banned strings brought about. */
import type { LlamaModel, Token, TokenBias } from 'node-llama-cpp';
import { makeTokenBias } from './library.js';

/** Not minus infinity: where a grammar leaves nothing else, the least unwanted token comes, not an arbitrary one. */
export const never = -1e6;

/** So many tokens are tried at one place. */
const maxAtPlace = 40;

export class TokenBans {
  readonly #bias: TokenBias;
  readonly #logits: Map<Token, number>;
  readonly #always: Map<Token, number>;
  /** By place in the reply; good for as long as what stands before that place stays. */
  readonly #at = new Map<number, Set<Token>>();

  constructor(model: LlamaModel, biases: ReadonlyMap<Token, number>) {
    ({ bias: this.#bias, logits: this.#logits } = makeTokenBias(model));
    this.#always = new Map(biases);
  }

  /** The biases for the token at a place of the reply. */
  biasAt(place: number): TokenBias {
    this.#logits.clear();
    for (const [token, logit] of this.#always) this.#logits.set(token, logit);
    for (const token of this.#at.get(place) ?? []) this.#logits.set(token, never);
    return this.#bias;
  }

  /**
   * Bans a token from one place of the reply, or from all of it. Bans for later places are forgotten: what stands before
   * them will be another text.
   * @returns false when another try there is of no use: the token came although it is banned, or too many are
   */
  forbid(place: number, token: Token, everywhere: boolean): boolean {
    for (const later of this.#at.keys()) if (later > place) this.#at.delete(later);
    const banned = this.#at.get(place) ?? new Set();
    if (banned.has(token) || this.#always.get(token) === never || banned.size >= maxAtPlace) return false;
    if (everywhere) this.#always.set(token, never);
    else this.#at.set(place, banned.add(token));
    return true;
  }
}
