/** Owns whether the app's API listens, by the settings; the requests themselves are answered by `api.ts`. */
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { ApiLogEntry, ApiState } from '../../preload/contract/api-server.js';
import type { SettingsStore } from '../settings/store.js';
import type { Backend } from './backend.js';
import { hashOfKey, newKey } from './guard.js';

const keptEntries = 500;

/** What is left out stays as it is. */
type Change = { readonly [K in 'on' | 'port' | 'lan']?: ApiState[K] | undefined };

export type ListeningOptions = {
  readonly backend: Backend;
  readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  readonly onChange: (state: ApiState) => void;
  readonly onDone: (entry: ApiLogEntry) => void;
};

export class ListeningApi {
  readonly #options: ListeningOptions;
  #api: FastifyInstance | null = null;
  #address: string | null = null;
  #problem: string | null = null;
  #log: ApiLogEntry[] = [];
  /** One change after another. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  get state(): ApiState {
    const { apiOn: on, apiPort: port, apiLan: lan, apiKeyHash } = this.#options.settings.get();
    return { on, port, lan, hasKey: apiKeyHash !== '', address: this.#address, problem: this.#problem };
  }

  /** Newest first. */
  get log(): readonly ApiLogEntry[] {
    return [...this.#log].reverse();
  }

  /** Listens as the settings say. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#listen());
  }

  async set({ on: apiOn, port: apiPort, lan: apiLan }: Change): Promise<ApiState> {
    this.#options.settings.set({ apiOn, apiPort, apiLan });
    await this.start();
    return this.state;
  }

  /** @returns a key that is kept nowhere: only its hash is */
  newKey(): string {
    const key = newKey();
    this.#options.settings.set({ apiKeyHash: hashOfKey(key) });
    this.#options.onChange(this.state);
    return key;
  }

  /** Ends what is being answered, and listens no more. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  async #listen(): Promise<void> {
    await this.#end();
    const { apiOn, apiPort: port, apiLan } = this.#options.settings.get();
    this.#problem = null;
    if (apiOn) {
      // Most people never turn it on: not part of every start.
      const { makeApi } = await import('./api.js');
      const api = makeApi({
        backend: this.#options.backend,
        door: () => {
          const { apiLan: lan, apiKeyHash: keyHash } = this.#options.settings.get();
          return { lan, keyHash, hostName: hostname() };
        },
        onDone: (entry) => {
          this.#log = [...this.#log, entry].slice(-keptEntries);
          this.#options.onDone(entry);
        },
      });
      try {
        await api.listen({ port, host: apiLan ? '0.0.0.0' : '127.0.0.1' });
        this.#api = api;
        this.#address = `http://127.0.0.1:${port}/v1`;
      } catch (thrown) {
        await api.close();
        this.#problem = problemOf(thrown, port);
      }
    }
    this.#options.onChange(this.state);
  }

  async #end(): Promise<void> {
    await this.#api?.close();
    this.#api = null;
    this.#address = null;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work, work);
    return this.#turn;
  }
}

function problemOf(thrown: unknown, port: number): string {
  const code = (thrown as { code?: unknown }).code;
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program. Choose another one.`;
  if (code === 'EACCES') return `The system does not let Altiplano use port ${port}. Choose another one.`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
