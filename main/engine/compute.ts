/** Owns running the model's steps with as many threads as help just then: reading and writing apart, since they bear busy cores differently. */
import { ThreadGovernor } from './thread-governor.js';

export class Compute {
  readonly #setThreads: (threads: number) => void;
  readonly #reading: ThreadGovernor;
  readonly #writing: ThreadGovernor;

  /**
   * @param most threads where nothing else runs
   * @param setThreads for the steps from then on
   */
  constructor(most: number, setThreads: (threads: number) => void) {
    this.#setThreads = setThreads;
    this.#reading = new ThreadGovernor(most);
    this.#writing = new ThreadGovernor(most);
  }

  /** Evaluates a piece of a prompt. @param tokens in the piece */
  async read(tokens: number, work: () => Promise<unknown>): Promise<void> {
    await this.#step(this.#reading, tokens, work);
  }

  /** Picks a token, which takes one step. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.#step(this.#writing, 1, work);
  }

  async #step<T>(governor: ThreadGovernor, tokens: number, work: () => Promise<T>): Promise<T> {
    this.#setThreads(governor.threads);
    const startedMs = performance.now();
    const result = await work();
    const nowMs = performance.now();
    governor.observe(tokens, nowMs - startedMs, nowMs);
    return result;
  }
}
