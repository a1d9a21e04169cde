/** Owns pacing: text goes to the page in batches, so that painting does not take the cores from the model. */

/** Between two batches where the model runs on a GPU and leaves the cores to the page. */
export const gpuFrameMs = 25;

export class FrameBatcher {
  readonly #send: (offset: number, text: string) => void;
  readonly #intervalMs: number;
  #offset = 0;
  #pending = '';
  #lastMs = -Infinity;

  /** @param intervalMs least time between two batches */
  constructor(intervalMs: number, send: (offset: number, text: string) => void) {
    this.#send = send;
    this.#intervalMs = intervalMs;
  }

  push(text: string, nowMs: number): void {
    this.#pending += text;
    if (nowMs - this.#lastMs >= this.#intervalMs) this.flush(nowMs);
  }

  flush(nowMs: number): void {
    if (this.#pending === '') return;
    this.#send(this.#offset, this.#pending);
    this.#offset += this.#pending.length;
    this.#pending = '';
    this.#lastMs = nowMs;
  }
}
