/** Owns turning tokens into text as they come, holding back characters whose bytes are not all there. */
import type { Token } from 'node-llama-cpp';

export type Detokenize = (tokens: readonly Token[], lastTokens: readonly Token[]) => string;

/** Bytes of one character come in at most four tokens. */
const maxHeld = 4;
/** Tokens before a piece; some tokenizers write spaces by what came before. */
const contextTokens = 4;

export class Detokenizer {
  readonly #detokenize: Detokenize;
  #held: Token[] = [];
  #last: Token[];

  /** @param last the tokens before the first one, at least a few of them */
  constructor(detokenize: Detokenize, last: readonly Token[]) {
    this.#detokenize = detokenize;
    this.#last = last.slice(-contextTokens);
  }

  /** Tokens whose text is not complete yet. */
  get waiting(): number {
    return this.#held.length;
  }

  /** Text that became certain with this token; empty while a character is incomplete. */
  push(token: Token): string {
    this.#held.push(token);
    const text = this.#detokenize(this.#held, this.#last);
    if (text.endsWith('\uFFFD') && this.#held.length < maxHeld) return '';
    return this.#release(text);
  }

  /** The end: what is held back, with U+FFFD for bytes that never became a character. */
  flush(): string {
    return this.#held.length === 0 ? '' : this.#release(this.#detokenize(this.#held, this.#last));
  }

  #release(text: string): string {
    this.#last = [...this.#last, ...this.#held].slice(-contextTokens);
    this.#held = [];
    return text;
  }
}
