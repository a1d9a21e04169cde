/** Owns what the page knows of the local API; main answers its requests. */
import type { ApiLogEntry, ApiState } from '../../preload/contract/api-server.js';
import type { Input } from '../../preload/contract/index.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';

const shownEntries = 100;

class ApiServer {
  state = $state.raw<ApiState | null>(null);
  /** The key that was made just now; it is shown this once. */
  key = $state<string | null>(null);
  /** Newest first. */
  log = $state.raw<readonly ApiLogEntry[]>([]);

  /** Keeps all of it up to date until the answer is called. */
  follow(): () => void {
    const stops = [
      on('api.changed', (state) => (this.state = state)),
      on('api.done', (entry) => (this.log = [entry, ...this.log].slice(0, shownEntries))),
    ];
    void this.#look();
    return () => {
      this.key = null;
      for (const stop of stops) stop();
    };
  }

  /** Turning it on for the first time makes a key. */
  async set(change: Input<'api.set'>): Promise<void> {
    if (change.on === true && this.state?.hasKey === false) await this.makeKey();
    this.state = (await notices.guard(request('api.set', change))) ?? this.state;
  }

  async makeKey(): Promise<void> {
    this.key = (await notices.guard(request('api.newKey')))?.key ?? null;
  }

  async #look(): Promise<void> {
    this.state = (await notices.guard(request('api.state'))) ?? this.state;
    this.log = ((await notices.guard(request('api.log'))) ?? []).slice(0, shownEntries);
  }
}

export const apiServer = new ApiServer();
