/** Owns the actions on the branches of the open chat. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { branchComparison } from '../stores/branch-comparison.svelte.js';
import { thread } from '../stores/thread.svelte.js';

/** The last message that has versions. */
const lastWithVersions = () => thread.messages.findLast(({ versionIds }) => versionIds.length > 1);

function compareVersions() {
  const message = lastWithVersions();
  if (message !== undefined) branchComparison.openVersions(message);
}

export const branchActions = [
  {
    id: 'branch-map',
    label: t('Map of the branches'),
    does: t('All versions and branches of this chat, and the way to them.'),
    group: 'Conversation',
    keys: ['Ctrl+Shift+B'],
    opensSheet: true,
    isEnabled: () => appView.showsChat && thread.messages.length > 0,
    run: () => appView.toggleSheet('branches'),
  },
  {
    id: 'compare-versions',
    label: t('Compare two versions side by side'),
    does: t('Two branches side by side, with the words that differ.'),
    group: 'Conversation',
    opensSheet: true,
    isEnabled: () => appView.showsChat && lastWithVersions() !== undefined,
    run: compareVersions,
  },
] as const satisfies readonly Action[];
