/** Owns the folders of chats and which of them are open; never what is in them. Main keeps them. */
import { t } from '../../preload/contract/language.js';
import type { Folder } from '../../preload/contract/chat-list.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { settings } from './settings.svelte.js';
import { undo } from './undo.svelte.js';

class Folders {
  list = $state.raw<readonly Folder[]>([]);

  async start(): Promise<void> {
    on('folders.changed', (list) => (this.list = list));
    this.list = await request('folders.list');
  }

  find(folderId: string | null): Folder | undefined {
    return this.list.find(({ id }) => id === folderId);
  }

  /** @returns undefined when it could not be made; the user was told why */
  create(name: string): Promise<Folder | undefined> {
    return notices.guard(request('folders.create', { name }));
  }

  rename(folderId: string, name: string): Promise<unknown> {
    return notices.guard(request('folders.rename', { folderId, name }));
  }

  async delete(folder: Folder): Promise<void> {
    const done = await notices.guard(request('folders.delete', { folderId: folder.id }).then(() => true));
    if (done) undo.done(t('Deleted the folder “{name}”. Its chats are still there.', { name: folder.name }));
  }

  /** Puts a folder before another; null = at the end. */
  place(folderId: string, beforeId: string | null): Promise<unknown> {
    const others = this.list.map(({ id }) => id).filter((id) => id !== folderId);
    const at = beforeId === null ? others.length : others.indexOf(beforeId);
    return notices.guard(request('folders.reorder', { folderIds: others.toSpliced(at, 0, folderId) }));
  }

  /** Puts a folder one place up or down. */
  move(folderId: string, by: -1 | 1): void {
    const at = this.list.findIndex(({ id }) => id === folderId);
    const before = by === -1 ? at - 1 : at + 2;
    if (at + by < 0 || at + by >= this.list.length) return;
    void this.place(folderId, this.list[before]?.id ?? null);
  }

  setOpen(folderId: string, isOpen: boolean): void {
    const known = new Set(this.list.map(({ id }) => id));
    const closed = settings.value.closedFolders.filter((id) => id !== folderId && known.has(id));
    settings.set({ closedFolders: isOpen ? closed : [...closed, folderId] });
  }
}

export const folders = new Folders();
