/** Owns the actions on batches and prompt sets. */
import type { Action } from '../lib/actions.js';
import { arena } from '../stores/arena.svelte.js';
import { batches } from '../stores/batches.svelte.js';
import { compareView } from '../stores/compare-view.svelte.js';
import { promptSets } from '../stores/prompt-sets.svelte.js';

async function voteOnNext() {
  const match = await batches.nextDuel();
  if (match === null) return;
  arena.duel.show(match);
  compareView.show('Blind duel');
}

export const batchActions = [
  { id: 'go-batches', label: 'Batches', group: 'Compare', run: () => compareView.show('Batches') },
  {
    id: 'go-prompt-sets',
    label: 'Prompt sets',
    group: 'Compare',
    run: () => compareView.show('Prompt sets'),
  },
  {
    id: 'vote-next',
    label: 'Vote on the next duel of a batch',
    group: 'Compare',
    isEnabled: () => batches.unvoted > 0 && !arena.duel.isWriting,
    run: voteOnNext,
  },
  {
    id: 'pause-batches',
    label: 'Pause all batches',
    group: 'Compare',
    isEnabled: () => batches.isRunning,
    run: () => batches.pauseAll(),
  },
  {
    id: 'resume-batches',
    label: 'Resume all batches',
    group: 'Compare',
    isEnabled: () => batches.isPaused,
    run: () => batches.resumeAll(),
  },
  {
    id: 'import-prompts',
    label: 'Import prompts…',
    does: 'Makes a prompt set of a file in JSONL.',
    group: 'Compare',
    run: async () => {
      compareView.show('Prompt sets');
      await promptSets.import();
    },
  },
] as const satisfies readonly Action[];
