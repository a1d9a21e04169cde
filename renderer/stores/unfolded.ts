/** Owns what the reader has unfolded, by message: a message that leaves the view is drawn anew when it comes back. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { stepLength } from '../lib/long-text.js';

class Unfolded {
  /** Messages whose thinking is open. */
  readonly thoughts = new SvelteSet<string>();
  readonly #lengths = new SvelteMap<string, number>();

  /** How much of a long message is shown, in UTF-16 units. */
  lengthOf(messageId: string): number {
    return this.#lengths.get(messageId) ?? stepLength;
  }

  showMore(messageId: string): void {
    this.#lengths.set(messageId, this.lengthOf(messageId) + stepLength);
  }
}

export const unfolded = new Unfolded();
