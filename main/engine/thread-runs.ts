/** Owns with how many threads each step of a reply was computed: takes them down, and gives those of another time; never computes. */
import type { ThreadRun } from '../../preload/contract/chats.js';

export class ThreadRuns {
  readonly #held: number[];
  readonly #runs: ThreadRun[] = [];
  #step = 0;

  /** @param held of the reply that is made again; beyond its steps, and without any, the machine decides */
  constructor(held: readonly ThreadRun[] = []) {
    this.#held = held.flatMap(([threads, steps]) => Array<number>(steps).fill(threads));
  }

  /** Threads for the next step; undefined where nothing is held. */
  get next(): number | undefined {
    return this.#held[this.#step];
  }

  /** A step was computed with so many. */
  add(threads: number): void {
    this.#step++;
    const last = this.#runs.at(-1);
    if (last?.[0] === threads) last[1]++;
    else this.#runs.push([threads, 1]);
  }

  get runs(): ThreadRun[] {
    return this.#runs.map(([threads, steps]) => [threads, steps]);
  }
}
