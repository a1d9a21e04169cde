/** Owns the actions on the list of chats. */
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { chats } from '../stores/chats.svelte.js';

/** The chat some places down the list from the open one; from a new chat, down is the first. */
function neighbour(step: 1 | -1): string | undefined {
  const at = chats.list.findIndex(({ id }) => id === chats.openId);
  return chats.list[at + step]?.id;
}

function open(chatId: string | undefined) {
  if (chatId === undefined) return;
  appView.showChat();
  void chats.select(chatId);
}

export const chatActions = [
  {
    id: 'new-chat',
    label: 'New chat',
    group: 'Chats',
    keys: ['Ctrl+N', 'Ctrl+Shift+O'],
    run: () => {
      appView.showChat();
      chats.startNew();
    },
  },
  {
    id: 'next-chat',
    label: 'Next chat',
    group: 'Chats',
    keys: ['Ctrl+PageDown', 'Alt+ArrowDown'],
    repeats: true,
    isEnabled: () => neighbour(1) !== undefined,
    run: () => open(neighbour(1)),
  },
  {
    id: 'previous-chat',
    label: 'Previous chat',
    group: 'Chats',
    keys: ['Ctrl+PageUp', 'Alt+ArrowUp'],
    repeats: true,
    isEnabled: () => neighbour(-1) !== undefined,
    run: () => open(neighbour(-1)),
  },
  {
    id: 'delete-chat',
    label: 'Delete this chat',
    group: 'Chats',
    keys: ['Ctrl+Shift+D'],
    isEnabled: () => chats.open !== undefined,
    run: () => chats.open && void chats.delete(chats.open),
  },
] as const satisfies readonly Action[];
