/** Owns the incognito chat of the page: opening it, and the question before it is gone. Main has it, in memory alone. */
import type { Chat } from '../../preload/contract/chats.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import { request } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { attachments } from './attachments.svelte.js';
import { chats } from './chats.svelte.js';
import { drafts } from './drafts.svelte.js';
import { impersonation } from './impersonation.svelte.js';
import { notices } from './notices.svelte.js';
import { thread } from './thread.svelte.js';

class IncognitoStore {
  /** What waits for the user's word that the chat may go; null = nothing. */
  asked = $state<'close' | 'leave-app' | null>(null);
  readonly chat: Chat | undefined = $derived(chats.list.find(({ id }) => isIncognito(id)));
  #leaving = false;

  get isOpen(): boolean {
    return isIncognito(thread.chatId);
  }

  async open(): Promise<void> {
    const chat = await notices.guard(request('chats.openIncognito'));
    if (chat === undefined) return;
    appView.showChat();
    await chats.select(chat.id);
  }

  /** Asks first when there is something to lose. */
  close(): void {
    if (this.#hasContent) this.asked = 'close';
    else void this.#forget();
  }

  /** The window is about to close. */
  beforeUnload(event: BeforeUnloadEvent): void {
    if (!this.#hasContent || this.#leaving) return;
    event.preventDefault();
    this.asked = 'leave-app';
  }

  async confirm(): Promise<void> {
    const leaves = this.asked === 'leave-app';
    this.asked = null;
    await this.#forget();
    if (!leaves) return;
    this.#leaving = true;
    window.close();
  }

  get #hasContent(): boolean {
    if (this.chat === undefined) return false;
    return (
      this.chat.updatedAt > this.chat.createdAt ||
      drafts.of(this.chat.id) !== '' ||
      attachments.of(this.chat.id).length > 0
    );
  }

  async #forget(): Promise<void> {
    const { chat } = this;
    if (chat === undefined) return;
    if (this.isOpen) thread.startNew();
    drafts.forget(chat.id);
    impersonation.forget(chat.id);
    await notices.guard(request('chats.closeIncognito'));
  }
}

export const incognito = new IncognitoStore();
