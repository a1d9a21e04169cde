/** Owns how the hub is reached: its address or a mirror's, and the token; the token leaves only as a credential. */
import { t } from '../../../preload/contract/language.js';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';
import type { HubAccount as AccountState } from '../../../preload/contract/hub.js';
import hub from '../../../resources/catalog/hub.json' with { type: 'json' };
import type { Credential } from '../../net/http.js';
import type { Keychain } from '../../net/keychain.js';
import type { SettingsStore } from '../../settings/store.js';

export type AccountOptions = {
  readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  readonly keychain: Keychain;
  /** Where the encrypted token is kept. */
  readonly tokenFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** The token is told only to whom it was given for. */
const keptSchema = z.object({ origin: z.string(), token: z.string() });

export class HubAccount {
  readonly #options: AccountOptions;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** Without a slash at its end. */
  endpoint(): string {
    return this.#endpoint().address;
  }

  async describe(): Promise<AccountState> {
    const { address, from } = this.#endpoint();
    const kept = await this.#kept();
    const credential = await this.credential();
    return {
      endpoint: address,
      endpointFrom: from,
      token:
        credential === null ? (kept === null ? 'none' : 'elsewhere') : kept === null ? 'environment' : 'kept',
      keychainProblem: this.#options.keychain.problem(),
    };
  }

  /** What to tell the hub of who asks; null = nothing. Never over a connection that others can read. */
  async credential(): Promise<Credential | null> {
    const { origin, protocol, hostname } = new URL(this.endpoint());
    if (protocol !== 'https:' && hostname !== '127.0.0.1' && hostname !== 'localhost') return null;
    const kept = await this.#kept();
    if (kept !== null) return kept.origin === origin ? kept : null;
    const { HF_TOKEN: token } = this.#options.environment;
    // The environment's token belongs to the environment's hub.
    return token && this.#endpoint().from !== 'setting' ? { origin, token } : null;
  }

  /** @param address of a mirror; '' = the environment's, else the hub's own. @throws AppError bad-input */
  setEndpoint(address: string): void {
    const trimmed = address.trim().replace(/\/+$/, '');
    if (trimmed !== '' && !isWebAddress(trimmed)) {
      throw new AppError({
        code: 'bad-input',
        message: t('This is not the address of a mirror.'),
        hint: t('It starts with https:// or http://.'),
      });
    }
    this.#options.settings.set({ hubEndpoint: trimmed });
  }

  /** Keeps a token for the endpoint in use; null forgets it. @throws AppError bad-input where it can't be kept safely */
  async setToken(token: string | null): Promise<void> {
    const { keychain, tokenFile } = this.#options;
    if (token === null) return rm(tokenFile, { force: true });
    const problem = keychain.problem();
    if (problem !== null) {
      throw new AppError({
        code: 'bad-input',
        message: t('The token can’t be kept safely: {problem}', { problem }),
        hint: t('It was not saved. Set HF_TOKEN in the environment of Altiplano instead.'),
      });
    }
    const kept = { origin: new URL(this.endpoint()).origin, token: token.trim() };
    await writeFile(tokenFile, keychain.encrypt(JSON.stringify(kept)), { mode: 0o600 });
  }

  #endpoint(): { address: string; from: AccountState['endpointFrom'] } {
    const set = this.#options.settings.get().hubEndpoint;
    if (set !== '') return { address: set, from: 'setting' };
    const { HF_ENDPOINT: named = '' } = this.#options.environment;
    if (isWebAddress(named)) return { address: named.replace(/\/+$/, ''), from: 'environment' };
    return { address: hub.endpoint, from: 'default' };
  }

  /** Null also for one that another user or machine encrypted. */
  async #kept(): Promise<Credential | null> {
    try {
      const bytes = await readFile(this.#options.tokenFile);
      return keptSchema.parse(JSON.parse(this.#options.keychain.decrypt(bytes)));
    } catch {
      return null;
    }
  }
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
