/** Owns the list of chats and which of them is open; never what is said in one. Main keeps it. */
import type { Chat } from '../../preload/contract/chats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { on, request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { runs } from './runs.svelte.js';
import { thread } from './thread.svelte.js';

class Chats {
  list = $state.raw<readonly Chat[]>([]);
  /** Why the chats can't be read at all; null when they can. */
  failure = $state.raw<ErrorData | null>(null);

  /** Null = a new chat, made when its first message is sent. */
  get openId(): string | null {
    return thread.chatId;
  }

  get open(): Chat | undefined {
    return this.list.find((chat) => chat.id === this.openId);
  }

  async start(): Promise<void> {
    on('chats.changed', (list) => (this.list = list));
    thread.listen();
    try {
      this.list = await request('chats.list');
      const [newest] = this.list;
      if (newest !== undefined) await this.select(newest.id);
    } catch (thrown) {
      this.failure = toErrorData(thrown);
    }
  }

  select(chatId: string): Promise<void> {
    return thread.open(chatId);
  }

  startNew(): void {
    thread.startNew();
  }

  rename(chatId: string, title: string): Promise<unknown> {
    return notices.guard(request('chats.rename', { chatId, title }));
  }

  async delete(chat: Chat): Promise<void> {
    const run = runs.ofChat(chat.id);
    if (run !== undefined) runs.stop(run);
    const at = this.list.findIndex(({ id }) => id === chat.id);
    const failed = await notices.guard(request('chats.delete', { chatId: chat.id }).then(() => false));
    if (failed === undefined) return;
    if (this.openId === chat.id) {
      const next = this.list.filter(({ id }) => id !== chat.id)[Math.max(0, at - 1)];
      if (next === undefined) this.startNew();
      else await this.select(next.id);
    }
    notices.done(`Deleted “${chat.title}”`, () => void this.#restore(chat.id));
  }

  async #restore(chatId: string): Promise<void> {
    const chat = await notices.guard(request('chats.restore', { chatId }));
    if (chat !== undefined) await this.select(chat.id);
  }
}

export const chats = new Chats();
