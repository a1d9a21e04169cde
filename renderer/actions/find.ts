/** Owns the actions that find something in the open chat. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { find } from '../stores/find.svelte.js';
import { thread } from '../stores/thread.svelte.js';

const hasMessages = () => appView.showsChat && thread.messages.length > 0;
/** More than a line of a selection is not meant to be looked for. */
const maxSelected = 100;

/** What is selected in the conversation, where that is a few words. */
function selectedWords(): string | undefined {
  const words = document.getSelection()?.toString().trim() ?? '';
  return words === '' || words.length > maxSelected || words.includes('\n') ? undefined : words;
}

export const findActions = [
  {
    id: 'find',
    label: t('Find in this chat'),
    group: 'Conversation',
    keys: ['Ctrl+F'],
    isEnabled: hasMessages,
    run: () => find.open(selectedWords()),
  },
  {
    id: 'find-next',
    label: t('Next place found'),
    group: 'Conversation',
    keys: ['F3', 'Ctrl+G'],
    repeats: true,
    isEnabled: () => hasMessages() && find.query.trim() !== '',
    run: () => find.go(1),
  },
  {
    id: 'find-previous',
    label: t('Previous place found'),
    group: 'Conversation',
    keys: ['Shift+F3', 'Ctrl+Shift+G'],
    repeats: true,
    isEnabled: () => hasMessages() && find.query.trim() !== '',
    run: () => find.go(-1),
  },
  {
    id: 'close-find',
    label: t('Close the find bar'),
    group: 'Conversation',
    keys: ['Escape'],
    isEnabled: () => appView.showsChat && find.isOpen,
    run: () => find.close(),
  },
] as const satisfies readonly Action[];
