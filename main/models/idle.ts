/** Owns the time after which a model that nobody uses is unloaded; never what unloading is. */

export type IdleTimerOptions = {
  /** Minutes without use; 0 = never. */
  readonly minutes: () => number;
  /** While this holds, time does not count. */
  readonly isBusy: () => boolean;
  readonly onIdle: (minutes: number) => void;
};

/** A timer that is later than this by the clock went on after a sleep. */
const latestMs = 60_000;

export class IdleTimer {
  readonly #options: IdleTimerOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IdleTimerOptions) {
    this.#options = options;
  }

  /** The model was used, or the minutes are others now: the time starts anew. */
  used(): void {
    clearTimeout(this.#timer);
    const { minutes, isBusy, onIdle } = this.#options;
    const wait = minutes();
    if (wait === 0) return;
    const waitMs = wait * 60_000;
    const dueMs = Date.now() + waitMs;
    this.#timer = setTimeout(() => {
      // The time while the machine sleeps does not count: who wakes it has not had the chance to use the model.
      const hasSlept = Date.now() - dueMs > latestMs;
      if (isBusy() || hasSlept) this.used();
      else onIdle(wait);
    }, waitMs);
  }
}
