/** Owns what of the list of chats is being dragged and where it would land; what happens there is asked of the stores. */
import { placeOf, samePlace, type Place, type Row } from '../lib/chat-rows.js';
import { chatList } from './chat-list.svelte.js';
import { chats } from './chats.svelte.js';
import { folders } from './folders.svelte.js';

type Dragged = { readonly chatIds: readonly string[] } | { readonly folderId: string };

class ListDrag {
  #dragged = $state.raw<Dragged | null>(null);
  /** Where the chats would go. */
  #place = $state.raw<Place | null>(null);
  /** The folder that a dragged one would stand before or after. */
  gap = $state.raw<{ readonly folderId: string; readonly side: 'before' | 'after' } | null>(null);

  start(row: Row): void {
    if (row.kind === 'chat') this.#dragged = { chatIds: chatList.subjects(row.key) };
    else if (row.kind === 'folder') this.#dragged = { folderId: row.folder.id };
  }

  /** @param inLowerHalf of the row, where the pointer is. @returns whether it can be dropped there */
  over(row: Row, inLowerHalf: boolean): boolean {
    this.#place = null;
    this.gap = null;
    if (this.#dragged === null) return false;
    if ('chatIds' in this.#dragged) {
      this.#place = placeOf(row);
      return true;
    }
    if (row.kind !== 'folder') return false;
    this.gap = { folderId: row.folder.id, side: inLowerHalf ? 'after' : 'before' };
    return true;
  }

  /** Whether what is dragged would come to lie where this row is. */
  isOver(row: Row): boolean {
    return this.#place !== null && samePlace(this.#place, placeOf(row));
  }

  drop(): void {
    const [dragged, place, gap] = [this.#dragged, this.#place, this.gap];
    this.end();
    if (dragged === null) return;
    if ('folderId' in dragged) {
      if (gap !== null && gap.folderId !== dragged.folderId)
        void folders.place(dragged.folderId, before(gap));
    } else if (place === 'pins') void chats.setPinned(dragged.chatIds, true);
    else if (place === 'archive') void chats.setArchived(dragged.chatIds, true);
    else if (place !== null) void chats.move(dragged.chatIds, place.folderId);
  }

  end(): void {
    this.#dragged = null;
    this.#place = null;
    this.gap = null;
  }
}

function before({ folderId, side }: NonNullable<ListDrag['gap']>): string | null {
  if (side === 'before') return folderId;
  return folders.list[folders.list.findIndex(({ id }) => id === folderId) + 1]?.id ?? null;
}

export const listDrag = new ListDrag();
