/** Owns holding the writing to a speed that can be read along. */

/** What a pause of this length or longer missed is not made up for: a slow model, the sleep of the machine. */
const longestLagMs = 1000;

export class Pace {
  readonly #tokensPerSecond: number;
  #startedMs: number | null = null;

  /** @param tokensPerSecond 0 = no limit */
  constructor(tokensPerSecond: number) {
    this.#tokensPerSecond = tokensPerSecond;
  }

  /** How long to wait before token number `tokens`, counted from 0, in ms. */
  delayMs(tokens: number, nowMs: number): number {
    if (this.#tokensPerSecond === 0) return 0;
    this.#startedMs ??= nowMs;
    const waitMs = this.#startedMs + (tokens * 1000) / this.#tokensPerSecond - nowMs;
    if (waitMs <= -longestLagMs) this.#startedMs -= waitMs;
    return Math.max(0, waitMs);
  }
}

/** Resolves after a time, or as soon as the signal comes. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
