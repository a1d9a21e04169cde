/** Owns which section of the page of models is shown, so that other places can lead there. */

class ModelsView {
  section = $state('On this machine');
}

export const modelsView = new ModelsView();
