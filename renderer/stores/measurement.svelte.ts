/** Owns measuring the perplexity of a text: how far it is, and what came out. */
import type { Perplexity } from '../../preload/contract/tokens.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { request, toErrorData } from '../services/api.js';
import { LiveRun, runs } from './runs.svelte.js';

export class Measurement {
  run = $state.raw<LiveRun | null>(null);
  result = $state.raw<Perplexity | null>(null);
  error = $state.raw<ErrorData | null>(null);

  async start(text: string): Promise<void> {
    const runId = crypto.randomUUID();
    this.clear();
    this.run = runs.add(new LiveRun({ runId, chatId: null, messageId: null, baseLength: 0, text: '' }));
    try {
      this.result = await request('tokens.perplexity', { runId, text });
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code !== 'cancelled') this.error = error;
    } finally {
      runs.live.delete(runId);
      this.run = null;
    }
  }

  stop(): void {
    if (this.run !== null) void request('tokens.stop', { runId: this.run.runId });
  }

  /** The text is another one now. */
  clear(): void {
    this.result = null;
    this.error = null;
  }
}
