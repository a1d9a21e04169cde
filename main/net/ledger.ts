/** Owns the list of what left the app: keeps each request from its beginning, and says when the list has changed. */
import type { NetworkFilter, NetworkView, OutgoingRequest } from '../../preload/contract/network.js';

export type LedgerOptions = {
  readonly db: {
    saveOutgoingRequest(request: OutgoingRequest): Promise<void>;
    clearOutgoingRequests(): Promise<void>;
    viewOutgoingRequests(filter: NetworkFilter, todayMs: number): Promise<NetworkView>;
  };
  readonly onChange: () => void;
};

export class Ledger {
  readonly #options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  note(request: OutgoingRequest): void {
    this.#options.db.saveOutgoingRequest(request).then(this.#options.onChange, (thrown: unknown) => {
      console.error('[network]', request, thrown);
    });
  }

  /** The newest that match, and sums. */
  view(filter: NetworkFilter): Promise<NetworkView> {
    return this.#options.db.viewOutgoingRequests(filter, new Date().setHours(0, 0, 0, 0));
  }

  async clear(): Promise<void> {
    await this.#options.db.clearOutgoingRequests();
    this.#options.onChange();
  }
}
