/** Owns the chart of what samplers leave: asks about the latest choice only, one question at a time; the engine computes it. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { Input } from '../../preload/contract/index.js';
import type { StageShares } from '../../preload/contract/tokens.js';
import { request, toErrorData } from '../services/api.js';
import { LiveRun, runs } from './runs.svelte.js';

type ChartQuestion = Omit<Input<'tokens.stages'>, 'runId'>;

class SamplerChart {
  isOpen = $state(false);
  /** Null before the first answer, and where nothing was said yet. */
  shares = $state.raw<StageShares | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** What is asked just now. */
  run = $state.raw<LiveRun | null>(null);
  #next: ChartQuestion | null = null;
  #asked: ChartQuestion | null = null;

  /** Asks when the question before is answered; of those that come meanwhile, the last one. */
  ask(question: ChartQuestion): void {
    this.#next = question;
    if (this.run === null) void this.#work();
    // The prompt of another chat need not be read to its end.
    else if (this.#asked?.chatId !== question.chatId) runs.stop(this.run);
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#next = null;
    if (this.run !== null) runs.stop(this.run);
  }

  async #work(): Promise<void> {
    for (let question = this.#take(); question !== null; question = this.#take()) {
      const runId = crypto.randomUUID();
      this.#asked = question;
      this.run = runs.add(new LiveRun({ runId, chatId: null, messageId: null, baseLength: 0, text: '' }));
      try {
        this.shares = await request('tokens.stages', { runId, ...question });
        this.error = null;
      } catch (thrown) {
        const error = toErrorData(thrown);
        this.shares = null;
        this.error = error.code === 'cancelled' ? null : error;
      }
      runs.live.delete(runId);
    }
    this.run = null;
  }

  #take(): ChartQuestion | null {
    const question = this.#next;
    this.#next = null;
    return question;
  }
}

export const samplerChart = new SamplerChart();
