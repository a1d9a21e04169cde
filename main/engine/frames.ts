/** Owns pacing: text goes to the page in batches, so that painting does not take the cores from the model. */

/** Between two batches; on a CPU the page and the model share the cores. */
const intervalMs = { cpu: 150, gpu: 25 } as const;

export class FrameBatcher {
  readonly #send: (offset: number, text: string) => void;
  readonly #intervalMs: number;
  #offset = 0;
  #pending = '';
  #lastMs = 0;

  constructor(onGpu: boolean, send: (offset: number, text: string) => void) {
    this.#send = send;
    this.#intervalMs = onGpu ? intervalMs.gpu : intervalMs.cpu;
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
