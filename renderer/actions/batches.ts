/** Owns the actions on batches and prompt sets. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { arena } from '../stores/arena.svelte.js';
import { batches } from '../stores/batches.svelte.js';
import { compareView } from '../stores/compare-view.svelte.js';
import { promptSets } from '../stores/prompt-sets.svelte.js';

async function voteOnNext() {
  const match = await batches.nextDuel();
  if (match === null) return;
  arena.duel.show(match);
  compareView.show('duel');
}

export const batchActions = [
  { id: 'go-batches', label: t('Batches'), group: 'Compare', run: () => compareView.show('batches') },
  {
    id: 'go-prompt-sets',
    label: t('Prompt sets'),
    group: 'Compare',
    run: () => compareView.show('prompt-sets'),
  },
  {
    id: 'vote-next',
    label: t('Vote on the next duel of a batch'),
    group: 'Compare',
    isEnabled: () => batches.unvoted > 0 && !arena.duel.isWriting,
    run: voteOnNext,
  },
  {
    id: 'pause-batches',
    label: t('Pause all batches'),
    group: 'Compare',
    isEnabled: () => batches.isRunning,
    run: () => batches.pauseAll(),
  },
  {
    id: 'resume-batches',
    label: t('Resume all batches'),
    group: 'Compare',
    isEnabled: () => batches.isPaused,
    run: () => batches.resumeAll(),
  },
  {
    id: 'import-prompts',
    label: t('Import prompts…'),
    does: t('Makes a prompt set of a file in JSONL.'),
    group: 'Compare',
    run: async () => {
      compareView.show('prompt-sets');
      await promptSets.import();
    },
  },
] as const satisfies readonly Action[];
