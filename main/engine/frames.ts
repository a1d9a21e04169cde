/** Owns pacing: text goes to the page in batches, so that painting does not take the cores from the model. */

/** Between two batches where the model runs on a GPU and leaves the cores to the page. */
export const gpuFrameMs = 25;

export class FrameBatcher {
  readonly #send: (offset: number, text: string) => void;
  readonly #intervalMs: number;
  #offset = 0;
  #pending = '';
  #lastMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** @param intervalMs least time between two batches */
  constructor(intervalMs: number, send: (offset: number, text: string) => void) {
    this.#send = send;
    this.#intervalMs = intervalMs;
  }

  /** Goes with the next batch, which does not wait for more text: a slow model may take long for the next token. */
  push(text: string, nowMs: number): void {
    this.#pending += text;
    const leftMs = this.#lastMs + this.#intervalMs - nowMs;
    if (leftMs <= 0) this.flush(nowMs);
    else this.#timer ??= setTimeout(() => this.flush(performance.now()), leftMs);
  }

  flush(nowMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === '') return;
    this.#send(this.#offset, this.#pending);
    this.#offset += this.#pending.length;
    this.#pending = '';
    this.#lastMs = nowMs;
  }
}
