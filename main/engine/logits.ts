/** Owns reading true logits: node-llama-cpp's `evaluate` hands out probabilities only, in which the sign of a logit is lost. */
import type { LlamaContext } from 'node-llama-cpp';
import type { Candidates } from './samplers/candidates.js';

/** The binding's own call, which `evaluate` makes for each token; `logits` asks for those after llama.cpp's samplers. */
type SampleToken = (
  place: number,
  sampler: unknown,
  probabilities?: boolean,
  confidence?: boolean,
  logits?: boolean,
) => Promise<
  readonly [token: number, probabilities?: unknown, confidence?: unknown, logits?: readonly number[]]
>;

/** Stands between a context and its binding; while it is open, each token that is sampled leaves its candidates here. */
export class LogitsTap {
  #open = false;
  /** Token, logit, token, logit …, likeliest first. */
  #last: readonly number[] = [];

  /** @throws Error when the library is built otherwise than the version that is pinned */
  constructor(context: LlamaContext) {
    const binding: unknown = Reflect.get(context, '_ctx');
    const original: unknown =
      typeof binding === 'object' && binding !== null ? Reflect.get(binding, 'sampleToken') : undefined;
    if (typeof binding !== 'object' || binding === null || typeof original !== 'function')
      throw new Error('node-llama-cpp has no sampleToken: its logits can’t be read');
    const sampleToken = (original as SampleToken).bind(binding);
    const tapped: SampleToken = async (place, sampler, ...asked) => {
      if (!this.#open) return sampleToken(place, sampler, ...asked);
      const [token, , , logits] = await sampleToken(place, sampler, false, false, true);
      this.#last = logits ?? [];
      return [token];
    };
    // The binding’s own property can’t be written over, only hidden.
    Object.defineProperty(binding, 'sampleToken', { value: tapped });
  }

  open(): void {
    this.#open = true;
  }

  close(): void {
    this.#open = false;
    this.#last = [];
  }

  /** Candidates for the token that was sampled last; what a grammar or a ban excludes is not among them. */
  candidates(): Candidates {
    const tokens: number[] = [];
    const logits: number[] = [];
    for (let at = 0; at + 1 < this.#last.length; at += 2) {
      const logit = this.#last[at + 1]!;
      if (logit === -Infinity) continue;
      tokens.push(this.#last[at]!);
      logits.push(logit);
    }
    return { tokens, logits };
  }
}
