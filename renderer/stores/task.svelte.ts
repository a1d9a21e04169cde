/** Owns one piece of the engine's work that a view waits for: its run while it goes on, and what came out. */
import type { ErrorData } from '../../preload/contract/errors.js';
import { toErrorData } from '../services/api.js';
import { LiveRun, runs } from './runs.svelte.js';

export class Task<T> {
  run = $state.raw<LiveRun | null>(null);
  result = $state.raw<T | null>(null);
  error = $state.raw<ErrorData | null>(null);

  /** @param ask asks main for it, under the id of the run by which it can be stopped */
  async start(ask: (runId: string) => Promise<T>): Promise<void> {
    const runId = crypto.randomUUID();
    this.clear();
    this.run = runs.add(new LiveRun({ runId, chatId: null, messageId: null, baseLength: 0, text: '' }));
    try {
      this.result = await ask(runId);
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code !== 'cancelled') this.error = error;
    } finally {
      runs.live.delete(runId);
      this.run = null;
    }
  }

  stop(): void {
    if (this.run !== null) runs.stop(this.run);
  }

  /** Forgets what came out. */
  clear(): void {
    this.result = null;
    this.error = null;
  }
}
