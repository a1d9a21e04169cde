/** Owns the time after which a model that nobody uses is unloaded; never what unloading is. */

export type IdleTimerOptions = {
  /** Minutes without use; 0 = never. */
  readonly minutes: () => number;
  /** While this holds, time does not count. */
  readonly isBusy: () => boolean;
  readonly onIdle: (minutes: number) => void;
};

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
    this.#timer = setTimeout(() => {
      if (isBusy()) this.used();
      else onIdle(wait);
    }, wait * 60_000);
  }
}
