/** Owns the catalogue as the page knows it, what of it is looked for, and which model is open. */
import { t } from '../../preload/contract/language.js';
import type { CatalogueEntry } from '../../preload/contract/catalogue.js';
import { matches, noFilters, type CatalogueFilters, type EntryFile } from '../lib/catalogue.js';
import { request } from '../services/api.js';
import { notices } from './notices.svelte.js';

class CatalogueStore {
  /** Null until it was read. */
  entries = $state.raw<readonly CatalogueEntry[] | null>(null);
  filters = $state.raw<CatalogueFilters>(noFilters);
  openId = $state<string | null>(null);

  get open(): CatalogueEntry | null {
    return this.entries?.find(({ id }) => id === this.openId) ?? null;
  }

  get shown(): readonly CatalogueEntry[] {
    return this.entries?.filter((entry) => matches(entry, this.filters)) ?? [];
  }

  async refresh(): Promise<void> {
    this.entries = await request('catalogue.list');
  }

  /** Puts a file into the queue of downloads. */
  async download(repository: string, { fileName, quantization }: EntryFile): Promise<void> {
    const started = await notices.guard(
      request('catalogue.download', { repository, fileName }).then(() => true),
    );
    if (started === true)
      notices.done(
        t('{quantization} of {repository} is in the list of downloads.', { quantization, repository }),
      );
  }
}

export const catalogue = new CatalogueStore();
