/** Owns what is being written in each chat and was not sent; never sends it. */
import { SvelteMap } from 'svelte/reactivity';

/** Key of the draft of a chat that is not made yet. */
const unsaved = '';

class Drafts {
  readonly #texts = new SvelteMap<string, string>();

  /** @param chatId null = the new chat */
  of(chatId: string | null): string {
    return this.#texts.get(chatId ?? unsaved) ?? '';
  }

  set(chatId: string | null, text: string): void {
    this.#texts.set(chatId ?? unsaved, text);
  }

  /** The new chat got its id: what was written for it goes along. */
  made(chatId: string): void {
    this.set(chatId, this.of(null));
    this.#texts.delete(unsaved);
  }
}

export const drafts = new Drafts();
