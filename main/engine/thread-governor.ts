/** Owns how many threads compute: as many as help. While other programs use the cores that is fewer; never touches llama.cpp. */

/** Steps that are averaged before one count of threads is compared with another; a long step counts alone. */
const windowSteps = 8;
const windowMs = 250;
/** Fewer threads must be this much faster to be kept; more threads only not slower. */
const clearlyFaster = 0.9;
/** A step this much slower than the best of its kind is a reason to try fewer threads. */
const collapse = 1.5;
/** The best is forgotten by this share with each window: as a context fills, every step takes longer. */
const forgetting = 1.02;
/** Between two trials; doubled by each one that was in vain. */
const waitMs = { first: 1000, longest: 16_000 } as const;

/** Others that use this many cores, and be it by half, make one of our threads wait. */
const busyCores = 0.5;

type Window = { steps: number; tokens: number; elapsedMs: number };

/**
 * Finds the count of threads by trying. llama.cpp's threads wait for one another many times in each step, so that one
 * of them without a core makes a step tens of times slower: measured on two cores, 2 tokens a second with two threads
 * beside another program, and 45 with one.
 */
export class ThreadGovernor {
  readonly #most: number;
  readonly #othersCores: () => number | null;
  #threads: number;
  #window: Window = { steps: 0, tokens: 0, elapsedMs: 0 };
  /** Where the trial in progress came from, and how long a token took there. */
  #trial: { from: number; msPerToken: number } | null = null;
  /** Shortest time of a token, by count of threads. */
  readonly #best = new Map<number, number>();
  #waitMs: number = waitMs.first;
  #nextTrialMs = 0;
  /** Trials since the last one that brought something. */
  #inVain = 0;

  /**
   * @param most threads where nothing else runs: the cores
   * @param othersCores in use by other programs since it was last asked; null when it can't be told yet
   */
  constructor(most: number, othersCores: () => number | null) {
    this.#most = most;
    this.#othersCores = othersCores;
    this.#threads = most;
  }

  /** Threads for the next step. */
  get threads(): number {
    return this.#threads;
  }

  /**
   * Takes what a step with these threads took.
   * @param tokens evaluated in the step
   */
  observe(tokens: number, elapsedMs: number, nowMs: number): void {
    const window = this.#window;
    window.steps++;
    window.tokens += tokens;
    window.elapsedMs += elapsedMs;
    const msPerToken = window.elapsedMs / window.tokens;
    const hopeless = this.#trial !== null && msPerToken > this.#trial.msPerToken * collapse;
    if (!hopeless && window.steps < windowSteps && window.elapsedMs < windowMs) return;
    this.#window = { steps: 0, tokens: 0, elapsedMs: 0 };
    if (this.#trial === null) this.#compare(msPerToken, nowMs);
    else this.#endTrial(this.#trial, msPerToken, nowMs);
  }

  #compare(msPerToken: number, nowMs: number): void {
    const best = Math.min(msPerToken, (this.#best.get(this.#threads) ?? Infinity) * forgetting);
    this.#best.set(this.#threads, best);
    if (nowMs < this.#nextTrialMs) return;
    const fewer = this.#fewer(msPerToken > best * collapse);
    if (fewer !== undefined) this.#try(fewer, msPerToken);
    else if (this.#threads < this.#most) this.#try(this.#threads + 1, msPerToken);
  }

  /** A smaller count that is worth a trial: one less, for one busy core, then half, for several. */
  #fewer(collapsed: boolean): number | undefined {
    const counts = [this.#threads - 1, this.#threads >> 1].filter((count) => count >= 1);
    if (collapsed) return counts[this.#inVain % counts.length];
    // Where others were busy from the start, there is no better time to compare with.
    const untried = this.#threads === this.#most ? counts.find((count) => !this.#best.has(count)) : undefined;
    return untried !== undefined && (this.#othersCores() ?? 0) >= busyCores ? untried : undefined;
  }

  #try(threads: number, msPerToken: number): void {
    this.#trial = { from: this.#threads, msPerToken };
    this.#threads = threads;
  }

  #endTrial(
    { from, msPerToken: before }: { from: number; msPerToken: number },
    after: number,
    nowMs: number,
  ) {
    const goal = this.#threads < from ? before * clearlyFaster : before;
    this.#best.set(this.#threads, Math.min(after, this.#best.get(this.#threads) ?? Infinity));
    this.#trial = null;
    if (after <= goal) {
      // What helped once may help again: the next trial does not wait.
      this.#inVain = 0;
      this.#waitMs = waitMs.first;
      return;
    }
    const wasFewer = this.#threads < from;
    this.#threads = from;
    // After one less in vain, half is tried without waiting.
    if (wasFewer && this.#inVain++ % 2 === 0) return;
    this.#nextTrialMs = nowMs + this.#waitMs;
    this.#waitMs = Math.min(this.#waitMs * 2, waitMs.longest);
  }
}
