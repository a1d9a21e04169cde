/** Owns what the page knows of newer versions of the app; main looks for them. */
import { t } from '../../preload/contract/language.js';
import type { UpdateState } from '../../preload/contract/updates.js';
import { on, request } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { notices } from './notices.svelte.js';

class Updates {
  value = $state.raw<UpdateState | null>(null);

  listen(): void {
    on('updates.changed', (state) => (this.value = state));
    on('updates.found', ({ version }) =>
      notices.done(
        t('Altiplano {version} is out.', { version }),
        () => appView.reveal('Settings', 'updates'),
        t('Show it'),
      ),
    );
  }

  async open(): Promise<void> {
    this.value = (await notices.guard(request('updates.state'))) ?? this.value;
  }
}

export const updates = new Updates();
