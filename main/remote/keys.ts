/** Owns the keys of connections: in the keychain of the system, or in memory where there is none; told as credentials only. */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Connection } from '../../preload/contract/connections.js';
import type { Credential } from '../net/http.js';
import type { Keychain } from '../net/keychain.js';

export type ConnectionKeysOptions = {
  readonly keychain: Keychain;
  /** Where the encrypted keys are kept. */
  readonly file: string;
};

/** By connection. Each key is told only to whom it was given for. */
const keptSchema = z.record(z.string(), z.object({ origin: z.string(), token: z.string() }));
type Keys = z.infer<typeof keptSchema>;

export class ConnectionKeys {
  readonly #options: ConnectionKeysOptions;
  /** Until the app ends. */
  readonly #session = new Map<string, Credential>();
  /** One change after another: each writes the whole file. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ConnectionKeysOptions) {
    this.#options = options;
  }

  async credential(id: string): Promise<Credential | null> {
    return this.#session.get(id) ?? (await this.#kept())[id] ?? null;
  }

  async state(id: string): Promise<Connection['key']> {
    if (this.#session.has(id)) return 'session';
    return id in (await this.#kept()) ? 'kept' : 'none';
  }

  /** @param credential null forgets it */
  async set(id: string, credential: Credential | null): Promise<void> {
    const { keychain } = this.#options;
    this.#session.delete(id);
    if (keychain.problem() !== null) {
      if (credential !== null) this.#session.set(id, credential);
      return;
    }
    await this.#change((keys) => {
      const { [id]: _before, ...others } = keys;
      return credential === null ? others : { ...others, [id]: credential };
    });
  }

  #change(change: (keys: Keys) => Keys): Promise<void> {
    const mine = this.#turn.then(async () => {
      const before = await this.#kept();
      const after = change(before);
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      await writeFile(this.#options.file, this.#options.keychain.encrypt(JSON.stringify(after)), {
        mode: 0o600,
      });
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** None also where another user or machine encrypted them. */
  async #kept(): Promise<Keys> {
    try {
      const bytes = await readFile(this.#options.file);
      return keptSchema.parse(JSON.parse(this.#options.keychain.decrypt(bytes)));
    } catch {
      return {};
    }
  }
}
