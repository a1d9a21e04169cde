/** Owns the list of chats, the open one and its messages, and the drafts; main keeps all but the drafts. */
import { SvelteMap } from 'svelte/reactivity';
import type { Chat, PathMessage, Thread } from '../../preload/contract/chats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { on, request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { LiveRun, runs } from './runs.svelte.js';

/** Key of the draft of a chat that is not made yet. */
const unsaved = '';

class Chats {
  list = $state.raw<readonly Chat[]>([]);
  /** Null = a new chat, made when its first message is sent. */
  openId = $state<string | null>(null);
  messages = $state.raw<readonly PathMessage[]>([]);
  /** Why the chats can't be read at all; null when they can. */
  failure = $state.raw<ErrorData | null>(null);
  /** Counts up when the input should take the focus. */
  focusRequests = $state(0);
  readonly #drafts = new SvelteMap<string, string>();

  get open(): Chat | undefined {
    return this.list.find((chat) => chat.id === this.openId);
  }

  get draft(): string {
    return this.#drafts.get(this.openId ?? unsaved) ?? '';
  }

  set draft(text: string) {
    this.#drafts.set(this.openId ?? unsaved, text);
  }

  async start(): Promise<void> {
    on('chats.changed', (list) => (this.list = list));
    on('thread.changed', (thread) => this.#show(thread));
    try {
      this.list = await request('chats.list');
      const [newest] = this.list;
      if (newest !== undefined) await this.select(newest.id);
    } catch (thrown) {
      this.failure = toErrorData(thrown);
    }
  }

  async select(chatId: string): Promise<void> {
    const thread = await notices.guard(request('chats.open', { chatId }));
    if (thread === undefined) return;
    this.openId = chatId;
    this.messages = thread.messages;
    this.focusRequests++;
  }

  startNew(): void {
    this.openId = null;
    this.messages = [];
    this.focusRequests++;
  }

  /** Sends the draft; it comes back when it could not be sent. */
  async send(): Promise<void> {
    const text = this.draft;
    if (text.trim() === '' || runs.ofChat(this.openId) !== undefined) return;
    const chatId = this.openId;
    this.draft = '';
    const run = await notices.guard(request('runs.send', { chatId, text }));
    if (run === undefined) {
      if (this.openId === chatId && this.draft === '') this.draft = text;
      else this.#drafts.set(chatId ?? unsaved, text);
      return;
    }
    runs.add(new LiveRun(run));
    // A new chat is open as soon as it has its id, unless the reader has gone elsewhere meanwhile.
    if (chatId === null && this.openId === null) await this.select(run.chatId);
  }

  resend(messageId: string, text: string): Promise<unknown> {
    return notices.guard(request('runs.resend', { messageId, text }));
  }

  regenerate(messageId: string): Promise<unknown> {
    return notices.guard(request('runs.regenerate', { messageId }));
  }

  continue(messageId: string): Promise<unknown> {
    return notices.guard(request('runs.continue', { messageId }));
  }

  async edit(messageId: string, text: string): Promise<void> {
    const thread = await notices.guard(request('messages.edit', { messageId, text }));
    if (thread === undefined) return;
    this.#show(thread);
    notices.done('Message edited', () => void this.#undoEdit(messageId));
  }

  async showVersion(messageId: string): Promise<void> {
    const thread = await notices.guard(request('messages.select', { messageId }));
    if (thread !== undefined) this.#show(thread);
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

  async #undoEdit(messageId: string): Promise<void> {
    const thread = await notices.guard(request('messages.undoEdit', { messageId }));
    if (thread !== undefined) this.#show(thread);
  }

  #show(thread: Thread): void {
    if (thread.chat.id === this.openId) this.messages = thread.messages;
  }
}

export const chats = new Chats();
