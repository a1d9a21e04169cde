/** Owns which section of the page of comparisons is shown, so that other places can lead there. */

import { appView } from './app-view.svelte.js';

type Section = 'side-by-side' | 'duel' | 'leaderboard' | 'batches' | 'prompt-sets';

class CompareView {
  section = $state<Section>('side-by-side');

  show(section: Section): void {
    this.section = section;
    appView.show('Compare');
  }
}

export const compareView = new CompareView();
