/** Owns the downloads as the page knows them; main runs them. */
import type { Download } from '../../preload/contract/downloads.js';
import { on, request } from '../services/api.js';
import { models } from './models.svelte.js';
import { notices } from './notices.svelte.js';

class Downloads {
  list = $state.raw<readonly Download[]>([]);
  /** Those that go on by themselves. */
  readonly active = $derived(
    this.list.filter(({ state }) => state === 'running' || state === 'waiting' || state === 'queued'),
  );
  /** How far the active ones are together, from 0 to 1; null while it is not known how much there is. */
  readonly fraction = $derived.by(() => {
    const sizeBytes = this.active.reduce<number | null>(
      (sum, download) => (sum === null || download.sizeBytes === null ? null : sum + download.sizeBytes),
      0,
    );
    const receivedBytes = this.active.reduce((sum, download) => sum + download.receivedBytes, 0);
    return sizeBytes === null || sizeBytes === 0 ? null : receivedBytes / sizeBytes;
  });

  async start(): Promise<void> {
    on('downloads.changed', (list) => this.#take(list));
    this.list = await request('downloads.list');
  }

  /** Takes one out of the list, with a way back. */
  async cancel({ id, name }: Download): Promise<void> {
    const cancelled = await notices.guard(request('downloads.cancel', { id }).then(() => true));
    if (cancelled !== true) return;
    notices.done(`${name} is cancelled.`, () => void notices.guard(request('downloads.restore', { id })));
  }

  #take(list: readonly Download[]): void {
    const before = new Map(this.list.map(({ id, state }) => [id, state]));
    this.list = list;
    const done = list.filter(({ id, state }) => state === 'done' && (before.get(id) ?? 'done') !== 'done');
    for (const { name } of done) notices.done(`${name} is downloaded and ready to load.`);
    if (done.length > 0) void notices.guard(models.refresh());
    for (const { id, name, state, error } of list) {
      if (state === 'failed' && error !== null && (before.get(id) ?? 'failed') !== 'failed') {
        notices.fail({ ...error, message: `${name}: ${error.message}` });
      }
    }
  }
}

export const downloads = new Downloads();
