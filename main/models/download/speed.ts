/** Owns the speed that is shown: the mean over the last seconds, so that it neither jumps nor lags; never the clock. */

const windowMs = 5000;

export class Speed {
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** @param totalBytes received so far; less than before starts anew */
  note(totalBytes: number, nowMs: number): void {
    if (totalBytes < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = [];
    this.#samples.push({ atMs: nowMs, bytes: totalBytes });
    while (this.#samples.length > 2 && this.#samples[1]!.atMs <= nowMs - windowMs) this.#samples.shift();
  }

  get bytesPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs === first.atMs) return 0;
    return ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000;
  }
}
