/** Owns the list of chats, the open one with its messages and options, and the drafts; main keeps all but the drafts. */
import { SvelteMap } from 'svelte/reactivity';
import type {
  Chat,
  ChatOptions,
  Inclusion,
  OverflowPolicy,
  PathMessage,
  Thread,
} from '../../preload/contract/chats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { on, request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { LiveRun, runs } from './runs.svelte.js';
import { settings } from './settings.svelte.js';

/** Key of the draft of a chat that is not made yet. */
const unsaved = '';
const saveDelayMs = 250;

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
  /** Options set here that main does not have yet, by chat. */
  readonly #options = new SvelteMap<string, ChatOptions>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  get open(): Chat | undefined {
    return this.list.find((chat) => chat.id === this.openId);
  }

  get draft(): string {
    return this.#drafts.get(this.openId ?? unsaved) ?? '';
  }

  set draft(text: string) {
    this.#drafts.set(this.openId ?? unsaved, text);
  }

  get overflow(): OverflowPolicy {
    return this.#waiting?.overflow ?? this.open?.overflow ?? 'drop-oldest';
  }

  get startReplyWith(): string {
    return this.#waiting?.startReplyWith ?? this.open?.startReplyWith ?? '';
  }

  get #waiting(): ChatOptions | undefined {
    return this.#options.get(this.openId ?? unsaved);
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
    await this.saveOptions();
    const thread = await notices.guard(request('chats.open', { chatId }));
    if (thread === undefined) return;
    this.openId = chatId;
    this.messages = thread.messages;
    this.focusRequests++;
  }

  startNew(): void {
    void this.saveOptions();
    this.openId = null;
    this.messages = [];
    this.focusRequests++;
  }

  /** Sends the draft; it comes back when it could not be sent. */
  async send(): Promise<void> {
    const text = this.draft;
    if (text.trim() === '' || runs.ofChat(this.openId) !== undefined) return;
    this.draft = '';
    const chatId = await this.#saveAll();
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

  async resend(messageId: string, text: string): Promise<unknown> {
    await this.#saveAll();
    return notices.guard(request('runs.resend', { messageId, text }));
  }

  async regenerate(messageId: string): Promise<unknown> {
    await this.#saveAll();
    return notices.guard(request('runs.regenerate', { messageId }));
  }

  async continue(messageId: string): Promise<unknown> {
    await this.#saveAll();
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

  /** Applies at once and is saved a moment later, so that typing writes once. */
  setOptions(options: ChatOptions): void {
    this.#options.set(this.openId ?? unsaved, { ...this.#waiting, ...options });
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.saveOptions(), saveDelayMs);
  }

  /** A reply is shaped by what is on the page, not by what main heard of it last. @returns as `saveOptions` */
  async #saveAll(): Promise<string | null> {
    await settings.save();
    return this.saveOptions();
  }

  /** Saves what waits of the open chat, which is made for it when it is new. @returns its id, as it is then */
  async saveOptions(): Promise<string | null> {
    const chatId = this.openId;
    const options = this.#waiting;
    if (options === undefined) return chatId;
    const save = async () => {
      const id = chatId ?? (await request('chats.create')).id;
      return request('chats.setOptions', { chatId: id, options });
    };
    const saved = await notices.guard(save());
    if (saved === undefined) return chatId;
    if (chatId === null) this.#made(saved.id);
    const key = chatId ?? unsaved;
    if (this.#options.get(key) === options) this.#options.delete(key);
    return saved.id;
  }

  /** Keeps a message's turn in the prompt or out of it; the first pin may change what the chat does when it is full. */
  async setInclusion(messageId: string, inclusion: Inclusion): Promise<void> {
    const before = this.overflow;
    const thread = await notices.guard(request('messages.setInclusion', { messageId, inclusion }));
    if (thread === undefined) return;
    this.#show(thread);
    if (before !== thread.chat.overflow) {
      notices.done('Pinned. This chat now keeps pinned turns when its context is full.');
    }
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

  /** The new chat that is open got its id: what was written for it goes along. */
  #made(chatId: string): void {
    if (this.openId !== null) return;
    this.openId = chatId;
    this.draft = this.#drafts.get(unsaved) ?? '';
    this.#drafts.delete(unsaved);
  }

  #show(thread: Thread): void {
    if (thread.chat.id === this.openId) this.messages = thread.messages;
  }
}

export const chats = new Chats();
