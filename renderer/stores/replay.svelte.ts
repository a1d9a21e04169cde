/** Owns making one reply again: its run while it goes on, and how it compared. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { ReplayResult } from '../../preload/contract/replay.js';
import { request, toErrorData } from '../services/api.js';
import { LiveRun, runs } from './runs.svelte.js';

export class Replay {
  run = $state.raw<LiveRun | null>(null);
  result = $state.raw<ReplayResult | null>(null);
  error = $state.raw<ErrorData | null>(null);

  async start(messageId: string): Promise<void> {
    const runId = crypto.randomUUID();
    this.result = null;
    this.error = null;
    this.run = runs.add(new LiveRun({ runId, chatId: null, messageId: null, baseLength: 0, text: '' }));
    try {
      this.result = await request('runs.replay', { messageId, runId });
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

  close(): void {
    this.result = null;
    this.error = null;
  }
}
