/** Owns what the page knows of the hub: the search and its results, the opened offer and what of it fits; only the last question counts. */
import { t } from '../../preload/contract/language.js';
import type { Fit } from '../../preload/contract/fit.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import type { HubModel, HubOffer, HubSort, HubSummary } from '../../preload/contract/hub.js';
import { request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';

/** Whether a model fits; an error where its header could not be read, null while that is not known. */
type Fitting = { readonly fit: Fit } | { readonly error: ErrorData } | null;

class HubStore {
  text = $state('');
  sort = $state<HubSort>('downloads');
  results = $state.raw<readonly HubSummary[] | null>(null);
  offer = $state.raw<HubOffer | null>(null);
  fits = $state.raw<ReadonlyMap<HubModel, Fitting>>(new Map());
  error = $state.raw<ErrorData | null>(null);
  busy = $state(false);
  #cursor = $state.raw<string | null>(null);
  /** Counts the questions: an answer to an older one is late. */
  #asked = 0;

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** Searches for the text in the field, or opens what it names. */
  async search(): Promise<void> {
    this.#cursor = null;
    await this.#ask(this.text, null);
  }

  /** The next page of the results. */
  async more(): Promise<void> {
    await this.#ask(this.text, this.#cursor);
  }

  async open(repository: string): Promise<void> {
    await this.#ask(repository, null);
  }

  /** From an offer to the results before it. */
  back(): void {
    this.#asked++;
    this.offer = null;
    this.error = null;
    this.busy = false;
  }

  async download({ name, files }: HubModel): Promise<void> {
    const source = this.offer?.source ?? '';
    const started = await notices.guard(request('downloads.start', { name, source, files }).then(() => true));
    if (started === true) notices.done(t('{name} is being fetched: see Downloads.', { name }));
  }

  async #ask(text: string, cursor: string | null): Promise<void> {
    const mine = ++this.#asked;
    this.error = null;
    this.busy = true;
    try {
      const found = await request('hub.find', { text, sort: this.sort, cursor });
      if (mine !== this.#asked) return;
      if (found.kind === 'offer') {
        this.offer = found;
        void this.#reckon(found, mine);
      } else {
        this.results = [...(cursor === null ? [] : (this.results ?? [])), ...found.repositories];
        this.#cursor = found.cursor;
        this.offer = null;
      }
    } catch (thrown) {
      if (mine === this.#asked) this.error = toErrorData(thrown);
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }

  /** Asks what fits; quantisations of one model are reckoned by the header of the smallest. */
  async #reckon(offer: HubOffer, mine: number): Promise<void> {
    this.fits = new Map();
    const whole = offer.models.filter(({ problem }) => problem === null);
    for (const family of new Set(whole.map((model) => model.family))) {
      const models = whole.filter((model) => model.family === family);
      let found: Fitting[];
      try {
        const sizesBytes = models.map(({ sizeBytes }) => sizeBytes);
        const fits = await request('hub.fits', { url: models[0]!.files[0]!.url, sizesBytes });
        found = fits.map((fit) => ({ fit }));
      } catch (thrown) {
        const error = toErrorData(thrown);
        found = models.map(() => ({ error }));
      }
      if (mine !== this.#asked) return;
      this.fits = new Map([...this.fits, ...models.map((model, at) => [model, found[at] ?? null] as const)]);
    }
  }
}

export const hub = new HubStore();
