/** Owns the list of chats and which of them is open; never what is said in one. Main keeps it. */
import type { Chat } from '../../preload/contract/chats.js';
import type { ChatsChange } from '../../preload/contract/chat-list.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { on, request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { runs } from './runs.svelte.js';
import { thread } from './thread.svelte.js';

class Chats {
  list = $state.raw<readonly Chat[]>([]);
  /** Why the chats can't be read at all; null when they can. */
  failure = $state.raw<ErrorData | null>(null);
  readonly #byId = $derived(new Map(this.list.map((chat) => [chat.id, chat])));

  /** Null = a new chat, made when its first message is sent. */
  get openId(): string | null {
    return thread.chatId;
  }

  get open(): Chat | undefined {
    return this.openId === null ? undefined : this.find(this.openId);
  }

  find(chatId: string): Chat | undefined {
    return this.#byId.get(chatId);
  }

  async start(): Promise<void> {
    on('chats.changed', (change) => this.#apply(change));
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
    const failed = await notices.guard(request('chats.delete', { chatIds: [chat.id] }).then(() => false));
    if (failed === undefined) return;
    if (this.openId === chat.id) {
      const next = this.list.filter(({ id }) => id !== chat.id)[Math.max(0, at - 1)];
      if (next === undefined) this.startNew();
      else await this.select(next.id);
    }
    notices.done(`Deleted “${chat.title}”`, () => void this.#restore(chat.id));
  }

  async #restore(chatId: string): Promise<void> {
    const restored = await notices.guard(request('chats.restore', { chatIds: [chatId] }).then(() => true));
    if (restored) await this.select(chatId);
  }

  /** Used last first. */
  #apply({ upserted, removed }: ChatsChange): void {
    const gone = new Set([...removed, ...upserted.map(({ id }) => id)]);
    const others = this.list.filter(({ id }) => !gone.has(id));
    // Nearly sorted already: that takes one pass.
    this.list = [...upserted, ...others].sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1));
  }
}

export const chats = new Chats();
