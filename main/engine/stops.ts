/** Owns finding stop strings in text that comes in pieces, holding back what could be the start of one. */

export class StopMatcher {
  readonly #stops: readonly string[];
  #held = '';

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** Whether text is held back. */
  get isHolding(): boolean {
    return this.#held !== '';
  }

  /**
   * Takes new text.
   * @returns text that is certain to belong to the reply, and whether a stop string came (it is not part of the text)
   */
  push(text: string): { readonly text: string; readonly stopped: boolean } {
    const all = this.#held + text;
    const found = this.#stops.map((stop) => all.indexOf(stop)).filter((index) => index >= 0);
    if (found.length > 0) {
      this.#held = '';
      return { text: all.slice(0, Math.min(...found)), stopped: true };
    }
    const held = Math.max(0, ...this.#stops.map((stop) => overlap(all, stop)));
    this.#held = held === 0 ? '' : all.slice(-held);
    return { text: all.slice(0, all.length - held), stopped: false };
  }

  /** The end of the text: what was held back belongs to the reply after all. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}

/** Length of the longest end of `text` that starts `wanted` and is not yet all of it. */
export function overlap(text: string, wanted: string): number {
  for (let length = Math.min(text.length, wanted.length - 1); length > 0; length--) {
    if (wanted.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
