/** Owns running the model's steps with as many threads as help just then: reading and writing apart, since they bear busy cores differently. */
import { watchOthers } from './others-load.js';
import { smallestPiece } from './pieces.js';
import { ThreadGovernor } from './thread-governor.js';

export class Compute {
  readonly #setThreads: (threads: number) => void;
  readonly #most: number;
  readonly #isFixed: boolean;
  #threads: number;
  readonly #reading: ThreadGovernor;
  readonly #writing: ThreadGovernor;

  /**
   * @param most threads where nothing else runs
   * @param isFixed it was set by hand: no step takes fewer, unless it is held to
   * @param setThreads for the steps from then on
   */
  constructor(
    most: number,
    { isFixed, setThreads }: { isFixed: boolean; setThreads: (threads: number) => void },
  ) {
    this.#most = most;
    this.#isFixed = isFixed;
    this.#setThreads = setThreads;
    this.#threads = most;
    this.#reading = new ThreadGovernor(most, watchOthers());
    this.#writing = new ThreadGovernor(most, watchOthers());
  }

  /** Of the step that runs, else of the last one. */
  get threads(): number {
    return this.#threads;
  }

  /**
   * Evaluates a piece of a prompt.
   * @param tokens in the piece
   * @param held threads that it must be computed with
   */
  async read(tokens: number, work: () => Promise<unknown>, held?: number): Promise<void> {
    if (held !== undefined) await this.#timed(held, work);
    else if (tokens >= smallestPiece) await this.#step(this.#reading, tokens, work);
    // A short piece bears busy cores as a single token does, but its time says nothing of either.
    else await this.#timed(this.#countOf(this.#writing), work);
  }

  /** Picks a token, which takes one step. @param held threads that it must be computed with */
  async write<T>(work: () => Promise<T>, held?: number): Promise<T> {
    if (held !== undefined) return (await this.#timed(held, work)).result;
    return this.#step(this.#writing, 1, work);
  }

  /** Picks a token, which takes a step of some tokens or none: its time says nothing of the threads. */
  async writeGuessed<T>(work: () => Promise<T>, held = this.#countOf(this.#writing)): Promise<T> {
    return (await this.#timed(held, work)).result;
  }

  async #step<T>(governor: ThreadGovernor, tokens: number, work: () => Promise<T>): Promise<T> {
    const { result, elapsedMs } = await this.#timed(this.#countOf(governor), work);
    governor.observe(tokens, elapsedMs, performance.now());
    return result;
  }

  #countOf({ threads }: ThreadGovernor): number {
    return this.#isFixed ? this.#most : threads;
  }

  async #timed<T>(wanted: number, work: () => Promise<T>): Promise<{ result: T; elapsedMs: number }> {
    this.#threads = Math.min(wanted, this.#most);
    this.#setThreads(this.#threads);
    const startedMs = performance.now();
    const result = await work();
    return { result, elapsedMs: performance.now() - startedMs };
  }
}
