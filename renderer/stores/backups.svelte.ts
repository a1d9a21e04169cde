/** Owns the list of backups as the page sees it, and what is done with them; main makes and restores them. */
import { t } from '../../preload/contract/language.js';
import type { Backup, BackupList, Restored } from '../../preload/contract/backups.js';
import { restoredNote } from '../lib/backups.js';
import { request } from '../services/api.js';
import { notices } from './notices.svelte.js';

/** Where what a restore came to waits for the page that is loaded after it. */
const noteKey = 'restored';

class Backups {
  value = $state.raw<BackupList | null>(null);
  busy = $state(false);

  /** Says what the restore came to for which the page was loaded anew. */
  start(): void {
    const note = sessionStorage.getItem(noteKey);
    sessionStorage.removeItem(noteKey);
    if (note !== null) notices.done(note);
  }

  look(): Promise<void> {
    return this.#work(async () => undefined);
  }

  make(): Promise<void> {
    return this.#work(async () => {
      const made = await request('backups.make');
      notices.done(made === null ? t('There is nothing to back up yet.') : t('Backup made'));
    });
  }

  mend(): Promise<void> {
    return this.#work(async () => {
      const { mended } = await request('backups.mend');
      notices.done(
        mended === 0
          ? t('Nothing is damaged.')
          : t('Mended {count, number}. A backup of before is in the list.', { count: mended }),
      );
    });
  }

  /** The page is loaded anew after it. @param backup null = an empty database */
  restore(backup: Backup | null, rescue: boolean): Promise<void> {
    return this.#work(async () => {
      this.restored(backup, await request('backups.restore', { id: backup?.id ?? null, rescue }));
    });
  }

  /** Keeps what a restore came to for the page that is loaded after it. */
  restored(backup: { readonly madeAt: number } | null, restored: Restored): void {
    sessionStorage.setItem(noteKey, restoredNote(backup, restored));
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    await notices.guard(work());
    this.value = (await notices.guard(request('backups.list'))) ?? this.value;
    this.busy = false;
  }
}

export const backups = new Backups();
