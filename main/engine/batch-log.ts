/**
 * Owns in which batches the tokens in the KV cache were evaluated, and with how many threads. llama.cpp rounds otherwise
 * in a batch of another size, so that the same tokens leave another cache (measured: logits differ by up to 0.8), and from
 * some hundred tokens on with other threads too (measured: SmolLM2 with 440 tokens); the size of the context changes
 * nothing. Never evaluates.
 */
import type { Batch } from '../../preload/contract/chats.js';

type Entry = { kept: number; size: number; times: number; readonly threads: number | undefined };

export class BatchLog {
  /** Null: something evaluated without saying so. */
  #entries: Entry[] | null = [];
  readonly #threads: () => number;

  /** @param threads that the batch of the moment is evaluated with */
  constructor(threads: () => number) {
    this.#threads = threads;
  }

  /** A batch was evaluated behind what is there. */
  add(size: number): void {
    const last = this.#entries?.at(-1);
    const threads = this.#threads();
    const isSame = last?.kept === size && last.size === size && last.threads === threads;
    if (isSame) last.times++;
    else this.#entries?.push({ kept: size, size, times: 1, threads });
  }

  /** The cache has this length now; what came behind is gone. */
  cut(length: number): void {
    if (length === 0) this.#entries = [];
    const entries = this.#entries;
    if (entries === null) return;
    let surplus = this.#length - length;
    // It grew without a word.
    if (surplus < 0) this.#entries = null;
    while (surplus > 0) {
      const last = entries.at(-1)!;
      const whole = Math.min(last.times, Math.floor(surplus / last.kept));
      last.times -= whole;
      surplus -= whole * last.kept;
      if (last.times === 0) entries.pop();
      else if (surplus > 0) {
        if (--last.times === 0) entries.pop();
        entries.push({ ...last, kept: last.kept - surplus, times: 1 });
        surplus = 0;
      }
    }
  }

  /** The cache holds what was evaluated at another time. */
  restore(batches: readonly Batch[] | null): void {
    this.#entries = batches?.map(([kept, size, times, threads]) => ({ kept, size, times, threads })) ?? null;
  }

  /** The batches in order; null when they are not known. */
  get batches(): Batch[] | null {
    return (
      this.#entries?.map(({ kept, size, times, threads }): Batch => [kept, size, times, threads]) ?? null
    );
  }

  get #length(): number {
    return this.#entries?.reduce((sum, { kept, times }) => sum + kept * times, 0) ?? 0;
  }
}
