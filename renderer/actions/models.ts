/** Owns the actions on the model that is loaded. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { request } from '../services/api.js';
import { appView } from '../stores/app-view.svelte.js';
import { modelsView } from '../stores/models-view.svelte.js';
import { models } from '../stores/models.svelte.js';
import { notices } from '../stores/notices.svelte.js';

const isLoaded = () => models.status.state === 'ready';
const isLoading = () => models.status.state === 'loading';

export const modelActions = [
  {
    id: 'choose-model',
    label: t('Choose a model'),
    group: 'Models',
    keys: ['Ctrl+L'],
    run: () => appView.modelPickerRequests++,
  },
  {
    id: 'load-model',
    label: t('Load the chosen model'),
    group: 'Models',
    isEnabled: () => models.path !== '' && !isLoaded() && !isLoading(),
    run: () => models.load(models.path),
  },
  {
    id: 'cancel-load',
    label: t('Cancel loading the model'),
    group: 'Models',
    isEnabled: isLoading,
    run: () => notices.guard(request('models.cancelLoad')),
  },
  {
    id: 'unload-model',
    label: t('Unload the model'),
    group: 'Models',
    isEnabled: isLoaded,
    run: () => notices.guard(request('models.unload')),
  },
  {
    id: 'add-model',
    label: t('Add a model file…'),
    group: 'Models',
    run: () => models.add(),
  },
  {
    id: 'connect-server',
    label: t('Connect to a server…'),
    group: 'Models',
    does: t('Its models stand beside those of this machine.'),
    run: () => {
      modelsView.section = 'connections';
      appView.reveal('Models', 'server-address');
    },
  },
] as const satisfies readonly Action[];
