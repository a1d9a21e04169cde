/** Owns the actions on the branches of the open chat. */
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { thread } from '../stores/thread.svelte.js';

export const branchActions = [
  {
    id: 'branch-map',
    label: 'Map of the branches',
    does: 'All versions and branches of this chat, and the way to them.',
    group: 'Conversation',
    keys: ['Ctrl+Shift+B'],
    opensSheet: true,
    isEnabled: () => appView.showsChat && thread.messages.length > 0,
    run: () => appView.toggleSheet('branches'),
  },
] as const satisfies readonly Action[];
