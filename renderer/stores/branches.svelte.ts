/** Owns the branches of the open chat as they are drawn in the map: all its messages, in short; main has them. */
import type { ErrorData } from '../../preload/contract/errors.js';
import { branchMap } from '../lib/branch-map.js';
import type { TreeMessage } from '../../preload/contract/branches.js';
import { request, toErrorData } from '../services/api.js';
import { thread } from './thread.svelte.js';

class Branches {
  error = $state.raw<ErrorData | null>(null);
  #tree = $state.raw<readonly TreeMessage[]>([]);
  readonly map = $derived(branchMap(this.#tree));
  readonly messageCount = $derived(this.#tree.length);
  #asked = 0;

  /** Reads them anew. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    const { chatId } = thread;
    try {
      const tree = chatId === null ? [] : await request('chats.tree', { chatId });
      if (asked !== this.#asked) return;
      this.#tree = tree;
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = toErrorData(thrown);
    }
  }

  forget(): void {
    this.#asked++;
    this.#tree = [];
  }
}

export const branches = new Branches();
