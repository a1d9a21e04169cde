/** Owns whether the app may end while replies are written: asks, waits, or lets it go; stops and saves nothing itself. */

export type LeavingChoice = 'when-written' | 'stop' | 'cancel';

type State = 'stays' | 'asks' | 'waits' | 'leaves';

export type LeavingOptions = {
  /** How many replies are written or wait for their turn. */
  readonly replies: () => number;
  /** Resolves when there are none. */
  readonly written: () => Promise<void>;
  readonly ask: (replies: number) => Promise<LeavingChoice>;
  /** Whether the app will end once the replies are written. */
  readonly onWaiting: (isWaiting: boolean) => void;
  /** Ends the app, which asks `allow` once more. */
  readonly quit: () => void;
};

export class Leaving {
  #state: State = 'stays';
  readonly #options: LeavingOptions;

  constructor(options: LeavingOptions) {
    this.#options = options;
  }

  get isWaiting(): boolean {
    return this.#state === 'waits';
  }

  /** @returns whether the app may end now; if not, the user is asked, and it ends later by itself or stays */
  allow(): boolean {
    const replies = this.#options.replies();
    if (this.#state === 'leaves' || replies === 0) return true;
    if (this.#state !== 'asks') void this.#ask(replies);
    return false;
  }

  /** Ends the app without a question. */
  leave(): void {
    this.#become('leaves');
    this.#options.quit();
  }

  /** The user thought again, or something else keeps the app. */
  stay(): void {
    this.#become('stays');
  }

  async #ask(replies: number): Promise<void> {
    this.#become('asks');
    const choice = await this.#options.ask(replies);
    // The system ended the app meanwhile.
    if (this.#state !== 'asks') return;
    if (choice === 'stop') return this.leave();
    if (choice === 'cancel') return this.stay();
    this.#become('waits');
    await this.#options.written();
    if (this.isWaiting) this.leave();
  }

  #become(state: State): void {
    const wasWaiting = this.isWaiting;
    this.#state = state;
    if (wasWaiting !== this.isWaiting) this.#options.onWaiting(this.isWaiting);
  }
}
