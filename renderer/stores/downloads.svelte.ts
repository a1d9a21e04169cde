/** Owns the downloads as the page knows them; main runs them. */
import { t } from '../../preload/contract/language.js';
import { activeOf, fractionOf } from '../../preload/contract/download-progress.js';
import type { Download } from '../../preload/contract/downloads.js';
import { on, request } from '../services/api.js';
import { models } from './models.svelte.js';
import { notices } from './notices.svelte.js';

class Downloads {
  list = $state.raw<readonly Download[]>([]);
  readonly active = $derived(activeOf(this.list));
  readonly fraction = $derived(fractionOf(this.list));
  /** The list is in sight: what failed is said there. */
  isShown = false;

  async start(): Promise<void> {
    on('downloads.changed', (list) => this.#take(list));
    this.list = await request('downloads.list');
  }

  /** Takes one out of the list, with a way back. */
  async cancel({ id, name }: Download): Promise<void> {
    const cancelled = await notices.guard(request('downloads.cancel', { id }).then(() => true));
    if (cancelled !== true) return;
    notices.done(
      t('{name} is cancelled.', { name }),
      () => void notices.guard(request('downloads.restore', { id })),
    );
  }

  #take(list: readonly Download[]): void {
    const before = new Map(this.list.map(({ id, state }) => [id, state]));
    this.list = list;
    const done = list.filter(({ id, state }) => state === 'done' && (before.get(id) ?? 'done') !== 'done');
    for (const { name } of done) notices.done(t('{name} is downloaded and ready to load.', { name }));
    if (done.length > 0) void notices.guard(models.refresh());
    if (this.isShown) return;
    for (const { id, name, state, error } of list) {
      if (state === 'failed' && error !== null && (before.get(id) ?? 'failed') !== 'failed') {
        notices.fail({ ...error, message: `${name}: ${error.message}` });
      }
    }
  }
}

export const downloads = new Downloads();
