/** Owns the text of a reply as its tokens bring it: whole characters, no banned string, nothing from a stop string on. */
import type { Token } from 'node-llama-cpp';
import { BannedStringMatcher, type BannedString } from './constraints/banned-strings.js';
import { Detokenizer, type Detokenize } from './detokenizer.js';
import { StopMatcher } from './stops.js';

export type ReplyTextOptions = {
  readonly detokenize: Detokenize;
  readonly stops: readonly string[];
  readonly bannedStrings: readonly string[];
};

/** Text that is certain; whether a stop string ended the reply; the banned string that must be taken back. */
export type Written = {
  readonly text: string;
  readonly stopped: boolean;
  readonly banned: BannedString | null;
};

export class ReplyText {
  readonly #detokenize: Detokenize;
  readonly #stops: StopMatcher;
  readonly #banned: BannedStringMatcher | null;
  #detokenizer: Detokenizer;
  /** Tokens of the reply so far. */
  #tokens = 0;

  /** @param prompt the tokens before the reply */
  constructor({ detokenize, stops, bannedStrings }: ReplyTextOptions, prompt: readonly Token[]) {
    this.#detokenize = detokenize;
    this.#detokenizer = new Detokenizer(detokenize, prompt);
    this.#stops = new StopMatcher(stops);
    this.#banned = bannedStrings.length === 0 ? null : new BannedStringMatcher(bannedStrings);
  }

  /** Whether the text of every token so far was handed out. */
  get isCertain(): boolean {
    return this.#detokenizer.waiting === 0 && !this.#stops.isHolding && this.#banned?.isHolding !== true;
  }

  push(token: Token): Written {
    const place = this.#tokens++;
    const waiting = this.#detokenizer.waiting;
    const text = this.#detokenizer.push(token);
    if (this.#banned === null) return { ...this.#stops.push(text), banned: null };
    const { text: certain, banned } = this.#banned.push({
      place: place - waiting,
      tokens: waiting + 1,
      text,
    });
    return { ...this.#stops.push(certain), banned };
  }

  /** Takes tokens back. @param before prompt and reply up to them; @param tokens how many of the reply are left */
  rewind(before: readonly Token[], tokens: number): void {
    this.#tokens = tokens;
    this.#detokenizer = new Detokenizer(this.#detokenize, before);
    this.#banned?.rewind(tokens);
  }

  /** The end: what was held back belongs to the reply after all, up to a stop string in it. */
  flush(): string {
    const rest = this.#detokenizer.flush();
    const certain =
      this.#banned === null
        ? rest
        : this.#banned.push({ place: this.#tokens, tokens: 1, text: rest }).text + this.#banned.flush();
    const { text, stopped } = this.#stops.push(certain);
    return stopped ? text : text + this.#stops.flush();
  }
}
