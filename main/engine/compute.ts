/** Owns running the model's steps with as many threads as help just then: reading and writing apart, since they bear busy cores differently. */
import { watchOthers } from './others-load.js';
import { smallestPiece } from './pieces.js';
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
    this.#reading = new ThreadGovernor(most, watchOthers());
    this.#writing = new ThreadGovernor(most, watchOthers());
  }

  /** Evaluates a piece of a prompt. @param tokens in the piece */
  async read(tokens: number, work: () => Promise<unknown>): Promise<void> {
    if (tokens >= smallestPiece) await this.#step(this.#reading, tokens, work);
    // A short piece bears busy cores as a single token does, but its time says nothing of either.
    else await this.#timed(this.#writing.threads, work);
  }

  /** Picks a token, which takes one step. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    return this.#step(this.#writing, 1, work);
  }

  /** Picks a token, which takes a step of some tokens or none: its time says nothing of the threads. */
  async writeGuessed<T>(work: () => Promise<T>): Promise<T> {
    return (await this.#timed(this.#writing.threads, work)).result;
  }

  async #step<T>(governor: ThreadGovernor, tokens: number, work: () => Promise<T>): Promise<T> {
    const { result, elapsedMs } = await this.#timed(governor.threads, work);
    governor.observe(tokens, elapsedMs, performance.now());
    return result;
  }

  async #timed<T>(threads: number, work: () => Promise<T>): Promise<{ result: T; elapsedMs: number }> {
    this.#setThreads(threads);
    const startedMs = performance.now();
    const result = await work();
    return { result, elapsedMs: performance.now() - startedMs };
  }
}
