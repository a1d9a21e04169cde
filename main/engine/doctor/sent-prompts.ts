/** Owns what each conversation's last request was, in memory only: prompt and reply as tokens. */
import type { Token } from 'node-llama-cpp';

/** Conversations that are remembered; the least recently used goes. */
const most = 20;

export class SentPrompts {
  readonly #byConversation = new Map<string, readonly Token[]>();

  remember(conversation: string, tokens: readonly Token[]): void {
    this.#byConversation.delete(conversation);
    this.#byConversation.set(conversation, tokens);
    const oldest = this.#byConversation.keys().next();
    if (this.#byConversation.size > most && oldest.done !== true) this.#byConversation.delete(oldest.value);
  }

  of(conversation: string): readonly Token[] | null {
    return this.#byConversation.get(conversation) ?? null;
  }
}
