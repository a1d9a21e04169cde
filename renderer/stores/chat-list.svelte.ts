/** Owns how the list of chats is looked at: its rows, the tag it is limited to, and which chats are selected. */
import { SvelteSet } from 'svelte/reactivity';
import { chatIdsOf, rangeOf, rowsOf, tagsOf } from '../lib/chat-rows.js';
import { chats } from './chats.svelte.js';
import { folders } from './folders.svelte.js';
import { settings } from './settings.svelte.js';

class ChatList {
  archiveIsOpen = $state(false);
  /** The row whose name is being written: the id of a chat or of a folder. */
  renaming = $state<string | null>(null);
  /** What is asked about some chats, in a dialog. */
  asked = $state.raw<{ readonly what: 'folder' | 'tags'; readonly chatIds: readonly string[] } | null>(null);
  readonly #selected = new SvelteSet<string>();
  #tag = $state<string | null>(null);
  /** Where a range of the selection starts. */
  #anchor: string | null = null;

  readonly tags = $derived(tagsOf(chats.list));
  readonly rows = $derived(
    rowsOf(chats.list, {
      folders: folders.list,
      closedFolders: settings.value.closedFolders,
      archiveIsOpen: this.archiveIsOpen,
      tag: this.tag,
    }),
  );
  /** In the order of the list. */
  readonly selected: readonly string[] = $derived(
    this.#selected.size === 0 ? [] : chats.list.flatMap(({ id }) => (this.#selected.has(id) ? [id] : [])),
  );

  /** Null = all chats; a tag that nothing has any more limits nothing. */
  get tag(): string | null {
    return this.#tag !== null && this.tags.includes(this.#tag) ? this.#tag : null;
  }

  set tag(tag: string | null) {
    this.clear();
    this.#tag = tag;
  }

  has(chatId: string): boolean {
    return this.#selected.has(chatId);
  }

  /** What an action on this chat is about: all that is selected when it is among them. */
  subjects(chatId: string): readonly string[] {
    return this.has(chatId) ? this.selected : [chatId];
  }

  toggle(chatId: string): void {
    this.#anchor = chatId;
    if (!this.#selected.delete(chatId)) this.#selected.add(chatId);
  }

  /** Selects from where the last selection started, or from the open chat. */
  extendTo(chatId: string): void {
    const anchor = this.#anchor ?? chats.openId ?? chatId;
    this.#selected.clear();
    for (const id of rangeOf(this.rows, anchor, chatId)) this.#selected.add(id);
    this.#anchor = anchor;
  }

  selectAll(): void {
    for (const id of chatIdsOf(this.rows)) this.#selected.add(id);
  }

  clear(): void {
    this.#selected.clear();
    this.#anchor = null;
  }

  /** The chat some places down the list from the open one; from a new chat, down is the first. */
  neighbour(step: 1 | -1): string | undefined {
    const ids = chatIdsOf(this.rows);
    return ids[ids.indexOf(chats.openId ?? '') + step];
  }
}

export const chatList = new ChatList();
