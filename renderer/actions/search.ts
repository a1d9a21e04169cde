/** Owns the actions that find things. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';

export const searchActions = [
  {
    id: 'search',
    label: t('Search all chats'),
    group: 'Chats',
    keys: ['Ctrl+Shift+F'],
    opensSheet: true,
    run: () => appView.toggleSheet('search'),
  },
] as const satisfies readonly Action[];
