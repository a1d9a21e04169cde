/** Owns when it is looked for a newer version of the app, and what came of it; never fetches or installs one. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Release, UpdateState } from '../../preload/contract/updates.js';
import type { Reason } from '../net/gate.js';
import { readAll, type Http } from '../net/http.js';
import type { SettingsStore } from '../settings/store.js';
import { feedLimitBytes, newerRelease, readFeed } from './release-feed.js';

export type UpdateOptions = {
  /** Both null where the build has none. */
  readonly source: { readonly feed: string | null; readonly publicKey: string | null };
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly http: Http;
  readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  readonly onChange: (state: UpdateState) => void;
  /** The daily look found a newer version. */
  readonly onFound: (release: Release) => void;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const signatureLimitBytes = 1024;

export class Updates {
  readonly #options: UpdateOptions;
  #state: UpdateState;
  #looking: Promise<void> | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(options: UpdateOptions) {
    this.#options = options;
    const { feed, publicKey } = options.source;
    this.#state = {
      hasFeed: feed !== null && publicKey !== null,
      ...{ isLooking: false, lookedAtMs: null, newer: null, problem: null },
    };
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** The app can be used: from now on it is looked once a day, where the user wants that. */
  async start(): Promise<void> {
    if (!this.#state.hasFeed) return;
    this.#timer ??= setInterval(() => void this.lookIfDue(), hourMs).unref();
    await this.lookIfDue();
  }

  /** Looks where the user wants it, the last day is over, and the network may be asked. Failures are in the state. */
  async lookIfDue(): Promise<void> {
    const { settings, onFound } = this.#options;
    const { lookForUpdates, lookedForUpdatesAtMs, offline } = settings.get();
    // Not before the start; and a clock that was put back does not put off the next look.
    const isDue = this.#timer !== null && Math.abs(Date.now() - lookedForUpdatesAtMs) >= dayMs;
    if (!lookForUpdates || offline || !isDue || this.#looking !== null) return;
    try {
      // Before it asks: a server in trouble is not asked more often either.
      settings.set({ lookedForUpdatesAtMs: Date.now() });
    } catch {
      // On a full disk it would not know tomorrow that it looked today.
      return;
    }
    await this.look(t('Looked for new versions, as every day'));
    if (this.#state.newer !== null) onFound(this.#state.newer);
  }

  /** Looks now. Failures are in the state. @param cause for the list of requests */
  async look(cause: string): Promise<void> {
    this.#looking ??= this.#look(cause).finally(() => (this.#looking = null));
    await this.#looking;
  }

  async #look(cause: string): Promise<void> {
    this.#change({ isLooking: true });
    try {
      const newer = await this.#ask({ purpose: 'look for new versions', cause });
      this.#change({ isLooking: false, lookedAtMs: Date.now(), newer, problem: null });
    } catch (thrown) {
      this.#change({ isLooking: false, newer: null, problem: AppError.from(thrown).toData() });
    }
  }

  async #ask(reason: Reason): Promise<Release | null> {
    const { source, version, platform } = this.#options;
    if (source.feed === null || source.publicKey === null) {
      throw new AppError({ code: 'not-found', message: t('This Altiplano does not look for new versions.') });
    }
    const bytes = await this.#fetch(source.feed, feedLimitBytes, reason);
    const signature = await this.#fetch(`${source.feed}.sig`, signatureLimitBytes, reason);
    return newerRelease(readFeed(bytes, signature.toString(), source.publicKey), version, platform);
  }

  async #fetch(address: string, limitBytes: number, reason: Reason): Promise<Buffer> {
    try {
      return await readAll(await this.#options.http.openOk(address, reason), limitBytes);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code !== 'server-refused') throw error;
      // No link or token of the user is at fault.
      throw new AppError({ ...error.toData(), hint: t('Try again later.') }, { cause: error });
    }
  }

  #change(change: Partial<UpdateState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange(this.#state);
  }
}
