/** Owns which actions the menus of the list of chats offer; what they do is asked of the stores. */
import { t } from '../../../../preload/contract/language.js';
import type { Folder } from '../../../../preload/contract/chat-list.js';
import { sendToNotebook } from '../../../actions/notebook.js';
import type { ChatOrder } from '../../../lib/chat-order.js';
import { appView } from '../../../stores/app-view.svelte.js';
import { chatList } from '../../../stores/chat-list.svelte.js';
import { chats } from '../../../stores/chats.svelte.js';
import { exports } from '../../../stores/exports.svelte.js';
import { folders } from '../../../stores/folders.svelte.js';
import { imports } from '../../../stores/imports.svelte.js';
import { incognito } from '../../../stores/incognito.svelte.js';
import { settings } from '../../../stores/settings.svelte.js';
import type { MenuItem } from '../../../ui/Menu.svelte';

/** @param chatIds one or more; an action holds for all of them */
export function chatMenu(chatIds: readonly string[]): readonly MenuItem[] {
  const all = chatIds.flatMap((id) => chats.find(id) ?? []);
  const [first] = all;
  const only = all.length === 1 ? first : undefined;
  const pinned = all.every(({ pinnedAt }) => pinnedAt !== null);
  const archived = all.every(({ archivedAt }) => archivedAt !== null);
  return [
    ...(only === undefined ? [] : [{ label: t('Rename'), run: () => (chatList.renaming = only.id) }]),
    { label: pinned ? t('Unpin') : t('Pin'), run: () => void chats.setPinned(chatIds, !pinned) },
    { label: t('Move to…'), run: () => (chatList.asked = { what: 'folder', chatIds }) },
    { label: t('Tags…'), run: () => (chatList.asked = { what: 'tags', chatIds }) },
    {
      label: archived ? t('Take out of the archive') : t('Put into the archive'),
      run: () => void chats.setArchived(chatIds, !archived),
    },
    ...(only === undefined ? [] : [{ label: t('Duplicate'), run: () => void chats.duplicate(only.id) }]),
    ...(only === undefined
      ? []
      : [{ label: t('Send to the notebook'), run: () => void sendToNotebook(only.id) }]),
    { label: t('Export…'), run: () => exports.open({ kind: 'chats', chatIds: [...chatIds] }) },
    'line',
    { label: t('Delete'), danger: true, run: () => void chats.delete(chatIds) },
  ];
}

export function folderMenu(folder: Folder): readonly MenuItem[] {
  return [
    { label: t('Rename'), run: () => (chatList.renaming = folder.id) },
    { label: t('Move up'), run: () => folders.move(folder.id, -1) },
    { label: t('Move down'), run: () => folders.move(folder.id, 1) },
    { label: t('Export…'), run: () => exports.open({ kind: 'folder', folderId: folder.id }) },
    'line',
    { label: t('Delete folder, keep its chats'), danger: true, run: () => void folders.delete(folder) },
  ];
}

const orders: readonly (readonly [ChatOrder, string])[] = [
  ['used', t('Sort by last use')],
  ['created', t('Sort by age')],
  ['title', t('Sort by title')],
];

/** What concerns the list as a whole. */
export function listMenu(): readonly MenuItem[] {
  return [
    { label: t('New incognito chat'), run: () => void incognito.open() },
    { label: t('New folder'), run: () => void newFolder() },
    { label: t('Select all chats'), run: () => chatList.selectAll() },
    { label: t('Export…'), run: () => exports.open({ kind: 'everything' }) },
    { label: t('Trash…'), run: () => appView.toggleSheet('trash') },
    { label: t('Import…'), run: () => imports.open() },
    'line',
    ...orders.map(([order, label]) => ({
      label,
      checked: settings.value.chatOrder === order,
      run: () => settings.set({ chatOrder: order }),
    })),
  ];
}

/** A folder is there at once; its name is written where it stands. */
async function newFolder(): Promise<void> {
  const folder = await folders.create(t('New folder'));
  if (folder === undefined) return;
  chatList.tag = null;
  chatList.renaming = folder.id;
}
