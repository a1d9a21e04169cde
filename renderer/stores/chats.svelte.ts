/** Owns the chats that there are, what is done to them as a whole, and which is open; never what is said in one. Main keeps them. */
import { t } from '../../preload/contract/language.js';
import type { ChatsChange } from '../../preload/contract/chat-list.js';
import type { Chat } from '../../preload/contract/chats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { inOrder, withChange } from '../lib/chat-order.js';
import { on, request, toErrorData } from '../services/api.js';
import { attachments } from './attachments.svelte.js';
import { drafts } from './drafts.svelte.js';
import { folders } from './folders.svelte.js';
import { notices } from './notices.svelte.js';
import { runs } from './runs.svelte.js';
import { settings } from './settings.svelte.js';
import { thread } from './thread.svelte.js';
import { undo } from './undo.svelte.js';

type Ids = readonly string[];

class Chats {
  #known = $state.raw<readonly Chat[]>([]);
  /** Why the chats can't be read at all; null when they can. */
  failure = $state.raw<ErrorData | null>(null);
  /** In the order of the settings. */
  readonly list = $derived(inOrder(this.#known, settings.value.chatOrder));
  readonly #byId = $derived(new Map(this.#known.map((chat) => [chat.id, chat])));

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
    // One chat that is there again is what the user wants to see.
    undo.onUndone(({ revivedChatIds: [first, ...more] }) => {
      if (first !== undefined && more.length === 0) void this.select(first);
    });
    try {
      const [list] = await Promise.all([
        request('chats.list'),
        folders.start(),
        drafts.load(),
        attachments.load(),
      ]);
      this.#known = inOrder(list, settings.value.chatOrder);
      const last = list.find(({ archivedAt }) => archivedAt === null);
      if (last !== undefined) await this.select(last.id);
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

  async duplicate(chatId: string): Promise<void> {
    const copy = await notices.guard(request('chats.duplicate', { chatId }));
    if (copy !== undefined) await this.select(copy.id);
  }

  /** @param folderId null = into no folder */
  async move(chatIds: Ids, folderId: string | null): Promise<void> {
    const to = folders.find(folderId);
    const moved = this.#name(chatIds);
    await this.#do(
      request('chats.move', { chatIds: [...chatIds], folderId }),
      to === undefined
        ? t('Moved {chats} out of the folder', { chats: moved })
        : t('Moved {chats} to “{folder}”', { chats: moved, folder: to.name }),
    );
  }

  async setPinned(chatIds: Ids, pinned: boolean): Promise<void> {
    await this.#do(
      request('chats.setPinned', { chatIds: [...chatIds], pinned }),
      pinned
        ? t('Pinned {chats}', { chats: this.#name(chatIds) })
        : t('Unpinned {chats}', { chats: this.#name(chatIds) }),
    );
  }

  async setArchived(chatIds: Ids, archived: boolean): Promise<void> {
    await this.#do(
      request('chats.setArchived', { chatIds: [...chatIds], archived }),
      archived
        ? t('Archived {chats}', { chats: this.#name(chatIds) })
        : t('Took out of the archive: {chats}', { chats: this.#name(chatIds) }),
    );
  }

  async tag(chatIds: Ids, change: { readonly add: Ids; readonly remove: Ids }): Promise<void> {
    await this.#do(
      request('chats.tag', { chatIds: [...chatIds], add: [...change.add], remove: [...change.remove] }),
      t('Changed the tags of {chats}', { chats: this.#name(chatIds) }),
    );
  }

  async delete(chatIds: Ids): Promise<void> {
    const name = this.#name(chatIds);
    for (const id of chatIds) {
      const run = runs.ofChat(id);
      if (run !== undefined) runs.stop(run);
    }
    const next = this.#besides(chatIds);
    const deleted = request('chats.delete', { chatIds: [...chatIds] });
    const done = await this.#do(deleted, t('Deleted {chats}', { chats: name }));
    if (!done || this.openId === null || !chatIds.includes(this.openId)) return;
    if (next === undefined) this.startNew();
    else await this.select(next);
  }

  /** Does it and says so. @returns whether it was done; if not, the user was told why */
  async #do(work: Promise<void>, text: string): Promise<boolean> {
    const before = undo.state.undo;
    const done = (await notices.guard(work.then(() => true))) ?? false;
    if (done) undo.done(text, before);
    return done;
  }

  #name(chatIds: Ids): string {
    const [only, ...more] = chatIds;
    if (more.length > 0) return t('{count, plural, one {# chat} other {# chats}}', { count: chatIds.length });
    return t('“{title}”', { title: this.find(only ?? '')?.title ?? '' });
  }

  /** The nearest chat of the list that is not one of these: above the first of them, else below. */
  #besides(chatIds: Ids): string | undefined {
    const leaving = new Set(chatIds);
    const at = this.list.findIndex(({ id }) => leaving.has(id));
    const stay = ({ id, archivedAt }: Chat) => !leaving.has(id) && archivedAt === null;
    return (this.list.slice(0, Math.max(0, at)).findLast(stay) ?? this.list.slice(at).find(stay))?.id;
  }

  #apply(change: ChatsChange): void {
    this.#known = withChange(this.#known, change, settings.value.chatOrder);
  }
}

export const chats = new Chats();
