/** Owns what is being written in each chat and was not sent; main keeps it. Never sends it. */
import { SvelteMap } from 'svelte/reactivity';
import { request } from '../services/api.js';
import { notices } from './notices.svelte.js';

/** Key of the draft of a chat that is not made yet. */
const unsaved = '';
/** From a first letter until it is saved, however long the writing goes on. */
const saveDelayMs = 500;

class Drafts {
  readonly #texts = new SvelteMap<string, string>();
  /** Keys of what main does not have yet. */
  readonly #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    for (const { chatId, text } of await request('drafts.list')) this.#texts.set(chatId ?? unsaved, text);
  }

  /** @param chatId null = the new chat */
  of(chatId: string | null): string {
    return this.#texts.get(chatId ?? unsaved) ?? '';
  }

  set(chatId: string | null, text: string): void {
    if (text === this.of(chatId)) return;
    const key = chatId ?? unsaved;
    this.#texts.set(key, text);
    this.#waiting.add(key);
    this.#timer ??= setTimeout(() => void this.save(), saveDelayMs);
  }

  /** The new chat got its id: what was written for it goes along. */
  made(chatId: string): void {
    this.set(chatId, this.of(null));
    this.set(null, '');
  }

  /** The chat is gone, and with it what was written in it. */
  forget(chatId: string): void {
    this.#texts.delete(chatId);
    this.#waiting.delete(chatId);
  }

  /** Saves what waits now. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const keys = [...this.#waiting];
    this.#waiting.clear();
    const saving = keys.map((key) =>
      request('drafts.save', { chatId: key === unsaved ? null : key, text: this.#texts.get(key) ?? '' }),
    );
    await notices.guard(Promise.all(saving));
  }
}

export const drafts = new Drafts();
