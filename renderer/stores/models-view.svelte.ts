/** Owns which section of the page of models is shown, so that other places can lead there. */
import { t } from '../../preload/contract/language.js';

class ModelsView {
  section = $state(t('On this machine'));
}

export const modelsView = new ModelsView();
