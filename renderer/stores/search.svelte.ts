/** Owns what is searched for in all chats and what was found; main searches. */
import type { FoundChat, SearchPage } from '../../preload/contract/search.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { withOlder } from '../lib/search-results.js';
import { request, toErrorData } from '../services/api.js';

/** While someone types on, nobody reads what was found. */
const typingMs = 60;
/** With fewer than these, older messages are looked through without being asked for. */
const enough = 20;
/** How often what is found grows while the index is made. */
const indexingMs = 1500;

class Search {
  query = $state('');
  /** Best first; those that were found among older messages come after. */
  chats = $state.raw<readonly FoundChat[]>([]);
  /** Where the search among older messages goes on; null when all were searched. */
  next = $state<number | null>(null);
  indexing = $state.raw<SearchPage['indexing']>(null);
  /** The query that was answered last. */
  answered = $state('');
  isSearching = $state(false);
  error = $state.raw<ErrorData | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Answers to earlier questions are not wanted any more. */
  #asked = 0;

  /** Of messages, in all chats. */
  readonly hitCount = $derived(this.chats.reduce((sum, { hits }) => sum + hits.length, 0));

  /** Looks for another query, as soon as the typing pauses. */
  set(query: string): void {
    this.query = query;
    this.#later(typingMs);
  }

  /** Looks again: things may have changed. */
  refresh(): void {
    this.#later(0);
  }

  /** Looks through older messages. */
  async more(): Promise<void> {
    if (this.next !== null && !this.isSearching) await this.#ask(this.next);
  }

  /** Nobody looks any more. */
  rest(): void {
    this.#asked++;
    this.isSearching = false;
    clearTimeout(this.#timer);
  }

  #later(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(null), delayMs);
  }

  /** @param from as `search.find` takes it */
  async #ask(from: number | null): Promise<void> {
    const asked = ++this.#asked;
    const { query } = this;
    this.isSearching = true;
    try {
      const page = await request('search.find', { query, from });
      if (asked !== this.#asked) return;
      this.chats = from === null ? page.chats : withOlder(this.chats, page.chats);
      this.next = page.next;
      this.indexing = page.indexing;
      this.answered = query;
      this.error = null;
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (asked !== this.#asked || error.code === 'cancelled') return;
      this.error = error;
      this.next = null;
    }
    this.isSearching = false;
    if (this.next !== null && this.hitCount + this.chats.length < enough) await this.#ask(this.next);
    else if (this.indexing !== null) this.#later(indexingMs);
  }
}

export const search = new Search();
