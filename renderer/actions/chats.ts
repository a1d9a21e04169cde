/** Owns the actions on the list of chats and on the open one as a whole. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { chatList } from '../stores/chat-list.svelte.js';
import { imports } from '../stores/imports.svelte.js';
import { exports } from '../stores/exports.svelte.js';
import { incognito } from '../stores/incognito.svelte.js';
import { chats } from '../stores/chats.svelte.js';

function open(chatId: string | undefined) {
  if (chatId === undefined) return;
  appView.showChat();
  void chats.select(chatId);
}

/** Something for the open chat; there is none while a new one is being started. */
const forOpenChat = (run: (chatId: string) => void) => ({
  group: 'Chats' as const,
  isEnabled: () => chats.open !== undefined && !incognito.isOpen,
  run: () => {
    if (chats.open !== undefined) run(chats.open.id);
  },
});

export const chatActions = [
  {
    id: 'new-chat',
    label: t('New chat'),
    group: 'Chats',
    keys: ['Ctrl+N', 'Ctrl+Shift+O'],
    run: () => {
      appView.showChat();
      chats.startNew();
    },
  },
  {
    id: 'incognito-chat',
    label: t('New incognito chat'),
    does: t('It is never written to the disk, and gone when it is closed.'),
    group: 'Chats',
    keys: ['Ctrl+Shift+N'],
    run: () => void incognito.open(),
  },
  {
    id: 'import-chats',
    label: t('Import chats'),
    does: t('From ChatGPT, LM Studio, text-generation-webui and others.'),
    group: 'Chats',
    opensSheet: true,
    run: () => imports.open(),
  },
  {
    id: 'next-chat',
    label: t('Next chat'),
    group: 'Chats',
    keys: ['Ctrl+PageDown', 'Alt+ArrowDown'],
    repeats: true,
    isEnabled: () => chatList.neighbour(1) !== undefined,
    run: () => open(chatList.neighbour(1)),
  },
  {
    id: 'previous-chat',
    label: t('Previous chat'),
    group: 'Chats',
    keys: ['Ctrl+PageUp', 'Alt+ArrowUp'],
    repeats: true,
    isEnabled: () => chatList.neighbour(-1) !== undefined,
    run: () => open(chatList.neighbour(-1)),
  },
  {
    id: 'move-chat',
    label: t('Move this chat to a folder'),
    keys: ['Ctrl+Shift+M'],
    ...forOpenChat((chatId) => (chatList.asked = { what: 'folder', chatIds: [chatId] })),
  },
  {
    id: 'tag-chat',
    label: t('Tags of this chat'),
    ...forOpenChat((chatId) => (chatList.asked = { what: 'tags', chatIds: [chatId] })),
  },
  {
    id: 'pin-chat',
    label: t('Pin or unpin this chat'),
    ...forOpenChat((chatId) => void chats.setPinned([chatId], chats.open?.pinnedAt === null)),
  },
  {
    id: 'archive-chat',
    label: t('Archive this chat, or take it out'),
    ...forOpenChat((chatId) => void chats.setArchived([chatId], chats.open?.archivedAt === null)),
  },
  {
    id: 'duplicate-chat',
    label: t('Duplicate this chat'),
    ...forOpenChat((chatId) => void chats.duplicate(chatId)),
  },
  {
    id: 'export-chat',
    label: t('Export this chat…'),
    keys: ['Ctrl+Shift+E'],
    group: 'Chats',
    opensSheet: true,
    isEnabled: () => chats.open !== undefined,
    run: () => {
      if (chats.open !== undefined) exports.open({ kind: 'chats', chatIds: [chats.open.id] });
    },
  },
  {
    id: 'export-all',
    label: t('Export all chats…'),
    group: 'Chats',
    opensSheet: true,
    run: () => exports.open({ kind: 'everything' }),
  },
  {
    id: 'delete-chat',
    label: t('Delete this chat'),
    keys: ['Ctrl+Shift+D'],
    group: 'Chats',
    isEnabled: () => chats.open !== undefined,
    run: () => {
      if (incognito.isOpen) incognito.close();
      else if (chats.open !== undefined) void chats.delete([chats.open.id]);
    },
  },
] as const satisfies readonly Action[];
