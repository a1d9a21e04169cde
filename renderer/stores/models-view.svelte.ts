/** Owns which section of the page of models is shown, so that other places can lead there. */

type Section = 'local' | 'connections' | 'catalogue' | 'hub' | 'downloads' | 'import' | 'storage' | 'history';

class ModelsView {
  section = $state<Section>('local');
}

export const modelsView = new ModelsView();
