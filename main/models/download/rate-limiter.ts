/** Owns the speed limit that all downloads share: tells how long to wait, and waits. */
import { setTimeout as delay } from 'node:timers/promises';

/** What may come at once after a pause, so that small pieces need no timer each. */
const burstMs = 100;

export class RateLimiter {
  /** 0 = no limit. */
  bytesPerSecond = 0;
  readonly #nowMs: () => number;
  /** When everything that was taken would have come at the limit. */
  #paidUntilMs = 0;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Counts bytes that came. @returns milliseconds to wait before more may come */
  take(sizeBytes: number): number {
    if (this.bytesPerSecond === 0) return 0;
    const now = this.#nowMs();
    this.#paidUntilMs = Math.max(this.#paidUntilMs, now - burstMs) + (sizeBytes / this.bytesPerSecond) * 1000;
    return Math.max(0, this.#paidUntilMs - now);
  }

  /** As `take`, and waits. */
  async pass(sizeBytes: number, signal: AbortSignal): Promise<void> {
    const waitMs = this.take(sizeBytes);
    if (waitMs > 1) await delay(waitMs, undefined, { signal });
  }
}
