/** Owns waits that the waking of the machine ends before their time; never why there is one. */
import { setTimeout as delay } from 'node:timers/promises';

export class Naps {
  #waking = new AbortController();

  /** @returns whether it was woken before its time. @throws AbortError by the signal */
  async take(ms: number, signal: AbortSignal): Promise<boolean> {
    const waking = this.#waking.signal;
    try {
      await delay(ms, undefined, { signal: AbortSignal.any([signal, waking]) });
      return false;
    } catch (thrown) {
      if (signal.aborted || !waking.aborted) throw thrown;
      return true;
    }
  }

  /** Ends all that are taken now. */
  wake(): void {
    this.#waking.abort();
    this.#waking = new AbortController();
  }
}
