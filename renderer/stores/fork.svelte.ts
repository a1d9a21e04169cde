/** Owns which reply is open for another way, and from where; main finds the ways. */
import { appView } from './app-view.svelte.js';

class Fork {
  /** `at` is the place in its text that was pointed at; null = its start. */
  target = $state.raw<{ readonly messageId: string; readonly at: number | null } | null>(null);

  open(messageId: string, at: number | null = null): void {
    appView.showChat();
    this.target = { messageId, at };
  }

  close(): void {
    this.target = null;
  }
}

export const fork = new Fork();
