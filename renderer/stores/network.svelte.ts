/** Owns what the page knows of the requests that left the app, and the switch that lets none out; main keeps the list. */
import type { NetworkFilter, NetworkView } from '../../preload/contract/network.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { settings } from './settings.svelte.js';

/** A download tells of itself many times a second. */
const lookAgainMs = 300;

class Network {
  view = $state.raw<NetworkView | null>(null);
  filter = $state.raw<NetworkFilter>({ host: null, purpose: null });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Keeps the list up to date until the answer is called. */
  follow(): () => void {
    const stop = on('network.changed', () => {
      this.#timer ??= setTimeout(() => void this.#look(), lookAgainMs);
    });
    void this.#look();
    return stop;
  }

  /** Shows only those requests. */
  async show(change: Partial<NetworkFilter>): Promise<void> {
    this.filter = { ...this.filter, ...change };
    await this.#look();
  }

  async clear(): Promise<void> {
    await notices.guard(request('network.clear'));
    await this.show({ host: null, purpose: null });
  }

  /** In force at once, and after a restart. */
  async setOffline(offline: boolean): Promise<void> {
    settings.set({ offline });
    await settings.save();
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const filter = $state.snapshot(this.filter);
    const view = await notices.guard(request('network.view', filter));
    // An answer to another question is late.
    if (filter.host === this.filter.host && filter.purpose === this.filter.purpose)
      this.view = view ?? this.view;
  }
}

export const network = new Network();
