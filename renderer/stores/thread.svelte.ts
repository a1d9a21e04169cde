/** Owns the open chat: its messages, its options and what is done in it; never the list of chats. Main keeps it all. */
import { t } from '../../preload/contract/language.js';
import { SvelteMap } from 'svelte/reactivity';
import type {
  Chat,
  ChatOptions,
  Inclusion,
  OverflowPolicy,
  PathMessage,
  Thread as ThreadRecord,
} from '../../preload/contract/chats.js';
import { emptyLevel, type Level } from '../../preload/contract/levels.js';
import { isWhole, withStretch } from '../lib/path.js';
import { on, request } from '../services/api.js';
import { painted } from '../services/frames.js';
import { attachments } from './attachments.svelte.js';
import { drafts } from './drafts.svelte.js';
import { impersonation } from './impersonation.svelte.js';
import { notices } from './notices.svelte.js';
import { LiveRun, runs } from './runs.svelte.js';
import { scrollPositions } from './scroll-positions.js';
import { settings } from './settings.svelte.js';
import { undo } from './undo.svelte.js';

/** Key of the options of a chat that is not made yet. */
const unsaved = '';
const saveDelayMs = 250;
/** What a window shows at first, with a reserve; the earlier messages come in pieces that never hold up a frame. */
const firstMessages = 40;
const pieceMessages = 250;

class Thread {
  /** Null = a new chat, made when its first message is sent. */
  chatId = $state<string | null>(null);
  /** The end of the active path; while `isWhole` is false the messages before it are on their way. */
  messages = $state.raw<readonly PathMessage[]>([]);
  readonly isWhole = $derived(isWhole(this.messages));
  /** The message that should come into view, or one of the places found in it; null once it has. */
  revealed = $state.raw<{ readonly messageId: string; readonly place?: number } | null>(null);
  /** Counts up when the input should take the focus. */
  focusRequests = $state(0);
  #chat = $state.raw<Chat | null>(null);
  #loadingEarlier: Promise<void> | null = null;
  /** Options set here that main does not have yet, by chat. */
  readonly #options = new SvelteMap<string, ChatOptions>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  get draft(): string {
    return drafts.of(this.chatId);
  }

  set draft(text: string) {
    drafts.set(this.chatId, text);
  }

  get overflow(): OverflowPolicy {
    return this.#waiting?.overflow ?? this.#chat?.overflow ?? 'drop-oldest';
  }

  get startReplyWith(): string {
    return this.#waiting?.startReplyWith ?? this.#chat?.startReplyWith ?? '';
  }

  /** What the chat has of its own: preset, system prompt, parameters. */
  get level(): Level {
    return this.#waiting?.level ?? this.#chat?.level ?? emptyLevel;
  }

  get #waiting(): ChatOptions | undefined {
    return this.#options.get(this.chatId ?? unsaved);
  }

  listen(): void {
    on('thread.changed', (thread) => this.#show(thread));
    undo.onUndone(({ chatIds }) => void this.reload(chatIds));
    attachments.listen();
  }

  async open(chatId: string): Promise<void> {
    await this.saveOptions();
    const last = firstMessages + (scrollPositions.of(chatId)?.fromEnd ?? 0);
    const thread = await notices.guard(request('chats.open', { chatId, last }));
    if (thread === undefined) return;
    this.chatId = chatId;
    this.#show(thread);
    this.focusRequests++;
  }

  /** Brings a message of this chat into view, on whatever branch it is. */
  async reveal(messageId: string): Promise<void> {
    await this.bring(messageId);
    this.revealed = { messageId };
  }

  /** Makes a message one of `messages`: waits for the earlier ones, and goes to another branch where it is there. */
  async bring(messageId: string): Promise<void> {
    const isShown = () => this.messages.some(({ id }) => id === messageId);
    if (!isShown()) await this.#loadEarlier();
    if (!isShown()) await this.showVersion(messageId);
  }

  startNew(): void {
    void this.saveOptions();
    this.chatId = null;
    this.#chat = null;
    this.messages = [];
    this.focusRequests++;
  }

  /** Sends the draft; it comes back when it could not be sent. */
  async send(): Promise<void> {
    const text = this.draft;
    if (!this.canAdd) return;
    this.draft = '';
    const draftOf = this.chatId;
    const files = attachments.take(draftOf);
    const chatId = await this.#saveAll();
    const ids = files.map(({ id }) => id);
    const run = await notices.guard(request('runs.send', { chatId, text, attachments: ids }));
    if (run === undefined) return this.#giveBack(chatId, text, files);
    runs.add(new LiveRun(run));
    if (files.length > 0) void attachments.save(draftOf);
    // A new chat is open as soon as it has its id, unless the reader has gone elsewhere meanwhile.
    if (chatId !== null || this.chatId !== null) return;
    drafts.made(run.chatId);
    attachments.made(run.chatId);
    await this.open(run.chatId);
  }

  /** What could not be sent is in the input again. */
  #giveBack(chatId: string | null, text: string, files: ReturnType<typeof attachments.take>): void {
    attachments.putBack(chatId, files);
    if (this.chatId === chatId && this.draft === '') this.draft = text;
    else drafts.set(chatId, text);
  }

  async resend(messageId: string, text: string): Promise<unknown> {
    await this.#saveAll();
    return notices.guard(request('runs.resend', { messageId, text }));
  }

  /** @param isRepair so that it does not end in the trouble that the guard stopped */
  async regenerate(messageId: string, isRepair = false): Promise<unknown> {
    await this.#saveAll();
    return notices.guard(request('runs.regenerate', { messageId, isRepair }));
  }

  /** A new version of a reply that goes another way from a place in its text on. */
  async fork(messageId: string, at: number, text: string): Promise<unknown> {
    await this.#saveAll();
    return notices.guard(request('runs.fork', { messageId, at, text }));
  }

  /** @param isUnguarded whatever the guard says */
  async continue(messageId: string, isUnguarded = false): Promise<unknown> {
    await this.#saveAll();
    return notices.guard(request('runs.continue', { messageId, isUnguarded }));
  }

  /** Lets the model write the user's next message, or go on with the draft. */
  async impersonate(): Promise<void> {
    this.focusRequests++;
    await impersonation.write(await this.#saveAll());
  }

  async edit(messageId: string, text: string): Promise<void> {
    const thread = await notices.guard(request('messages.edit', { messageId, text }));
    if (thread === undefined) return;
    this.#show(thread);
    undo.done(t('Message edited'));
  }

  /** @param alone what followed it stays; otherwise all that follows goes too */
  async delete(messageId: string, alone: boolean): Promise<void> {
    const latest = undo.state.undo;
    const removed = await notices.guard(request('messages.delete', { messageId, alone }));
    if (removed === undefined) return;
    this.#show(removed.thread);
    undo.done(
      t('Deleted {count, plural, one {one message} other {# messages}}', { count: removed.count }),
      latest,
    );
  }

  /** Deletes every message of the chat that is not on the path that is shown. */
  async prune(): Promise<void> {
    const { chatId } = this;
    if (chatId === null) return;
    const latest = undo.state.undo;
    const removed = await notices.guard(request('messages.prune', { chatId }));
    if (removed === undefined) return;
    this.#show(removed.thread);
    if (removed.count === 0) notices.done(t('This chat has no other branches.'));
    else
      undo.done(
        t('Deleted {count, plural, one {one message} other {# messages}} on other branches', {
          count: removed.count,
        }),
        latest,
      );
  }

  /** The next message comes after this one; what follows it now stays, as another version. */
  async endWith(messageId: string): Promise<void> {
    const latest = undo.state.undo;
    const thread = await notices.guard(request('messages.endWith', { messageId }));
    if (thread === undefined) return;
    this.#show(thread);
    this.focusRequests++;
    undo.done(t('Your next message starts a new branch here. What followed is kept.'), latest);
  }

  /** Opens a new chat of what was said up to this message. */
  async branch(messageId: string): Promise<void> {
    const chat = await notices.guard(request('messages.branch', { messageId }));
    if (chat === undefined) return;
    await this.open(chat.id);
    undo.done(t('This is a chat of its own now, up to that message.'));
  }

  /** Puts the draft at the end of the chat as a message of either side; nobody answers it. */
  async add(role: 'user' | 'assistant'): Promise<void> {
    const text = this.draft;
    if (!this.canAdd) return;
    this.draft = '';
    const files = attachments.take(this.chatId);
    const chatId = await this.#saveAll();
    const ids = files.map(({ id }) => id);
    const added = await notices.guard(request('messages.add', { chatId, role, text, attachments: ids }));
    if (added === undefined) return this.#giveBack(chatId, text, files);
    if (chatId !== null || this.chatId !== null) return this.#show(added);
    this.#made(added.chat.id);
    await this.open(added.chat.id);
  }

  /** Whether there is something to send or to add, and nobody is writing. */
  get canAdd(): boolean {
    const hasContent = this.draft.trim() !== '' || attachments.of(this.chatId).length > 0;
    return hasContent && attachments.canSend(this.chatId) && this.run === undefined;
  }

  /** What is written in the open chat: a reply, or a message of the user by the model; undefined = nothing. */
  get run(): LiveRun | undefined {
    return runs.ofChat(this.chatId) ?? impersonation.ofChat(this.chatId);
  }

  async showVersion(messageId: string): Promise<void> {
    const thread = await notices.guard(request('messages.select', { messageId }));
    if (thread !== undefined) this.#show(thread);
  }

  /** Applies at once and is saved a moment later, so that typing writes once. */
  setOptions(options: ChatOptions): void {
    this.#options.set(this.chatId ?? unsaved, { ...this.#waiting, ...options });
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.saveOptions(), saveDelayMs);
  }

  /** Makes the new chat that is open, before anything was said in it. @returns its id; null when that failed */
  async makeChat(): Promise<string | null> {
    const made = await this.saveOptions();
    if (made !== null) return made;
    const chat = await notices.guard(request('chats.create'));
    if (chat === undefined || this.chatId !== null) return null;
    this.#made(chat.id);
    this.#chat = chat;
    return chat.id;
  }

  /** Saves what waits of the open chat, which is made for it when it is new. @returns its id, as it is then */
  async saveOptions(): Promise<string | null> {
    const chatId = this.chatId;
    const options = this.#waiting;
    if (options === undefined) return chatId;
    const save = async () => {
      const id = chatId ?? (await request('chats.create')).id;
      return request('chats.setOptions', { chatId: id, options });
    };
    const saved = await notices.guard(save());
    if (saved === undefined) return chatId;
    if (chatId === null) this.#made(saved.id);
    if (this.chatId === saved.id) this.#chat = saved;
    const key = chatId ?? unsaved;
    if (this.#options.get(key) === options) this.#options.delete(key);
    return saved.id;
  }

  /** Keeps a message's turn in the prompt or out of it; the first pin may change what the chat does when it is full. */
  async setInclusion(messageId: string, inclusion: Inclusion): Promise<void> {
    const before = this.overflow;
    const latest = undo.state.undo;
    const thread = await notices.guard(request('messages.setInclusion', { messageId, inclusion }));
    if (thread === undefined) return;
    this.#show(thread);
    if (before !== thread.chat.overflow) {
      undo.done(t('Pinned. This chat now keeps pinned turns when its context is full.'), latest);
    }
  }

  /** A reply is shaped by what is on the page, not by what main heard of it last. @returns as `saveOptions` */
  async #saveAll(): Promise<string | null> {
    await settings.save();
    return this.saveOptions();
  }

  /** Something changed in these chats, wherever: by an undo, or out of the trash. */
  async reload(chatIds: readonly string[]): Promise<void> {
    const { chatId } = this;
    if (chatId === null || !chatIds.includes(chatId)) return;
    const last = Math.max(firstMessages, this.messages.length);
    const thread = await request('chats.open', { chatId, last }).catch(() => null);
    if (this.chatId !== chatId) return;
    // Its making was undone.
    if (thread === null) return this.startNew();
    // What changed may be anywhere: nothing of the path is known any more.
    this.messages = [];
    this.#show(thread);
  }

  /** The new chat that is open got its id. */
  #made(chatId: string): void {
    if (this.chatId !== null) return;
    this.chatId = chatId;
    drafts.made(chatId);
    attachments.made(chatId);
    impersonation.made(chatId);
  }

  #show(changed: ThreadRecord): void {
    if (changed.chat.id !== this.chatId) return;
    this.#chat = changed.chat;
    this.messages = withStretch(this.messages, changed);
    void this.#loadEarlier();
  }

  #loadEarlier(): Promise<void> {
    this.#loadingEarlier ??= this.#loadPieces().finally(() => (this.#loadingEarlier = null));
    return this.#loadingEarlier;
  }

  async #loadPieces(): Promise<void> {
    for (;;) {
      await painted();
      const [first] = this.messages;
      if (first === undefined || first.parentId === null) return;
      const { chatId, parentId: messageId } = first;
      const earlier = await notices.guard(
        request('messages.upTo', { chatId, messageId, count: pieceMessages }),
      );
      if (earlier === undefined) return;
      // Another chat or branch may have come meanwhile: that one has earlier messages of its own.
      if (this.messages[0]?.id === first.id) this.messages = [...earlier, ...this.messages];
    }
  }
}

export const thread = new Thread();
