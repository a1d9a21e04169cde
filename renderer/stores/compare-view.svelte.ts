/** Owns which section of the page of comparisons is shown, so that other places can lead there. */

import { t } from '../../preload/contract/language.js';
import { appView } from './app-view.svelte.js';

class CompareView {
  section = $state(t('Side by side'));

  show(section: string): void {
    this.section = section;
    appView.show('Compare');
  }
}

export const compareView = new CompareView();
