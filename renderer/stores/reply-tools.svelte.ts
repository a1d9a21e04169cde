/** Owns which replies show what they came from, and which one is asked to be made again; never makes it. */
import { SvelteSet } from 'svelte/reactivity';

class ReplyTools {
  /** Replies whose card is open. */
  readonly cards = new SvelteSet<string>();
  /** The reply that should be made again; null once it takes that up. */
  replayOf = $state<string | null>(null);

  toggleCard(messageId: string): void {
    if (!this.cards.delete(messageId)) this.cards.add(messageId);
  }
}

export const replyTools = new ReplyTools();
