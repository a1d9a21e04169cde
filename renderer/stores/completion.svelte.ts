/** Owns one free generation at a time for a view: its text while it comes, and how it ended. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import { request, toErrorData } from '../services/api.js';
import { LiveRun, runs } from './runs.svelte.js';

export class Completion {
  run = $state.raw<LiveRun | null>(null);
  error = $state.raw<ErrorData | null>(null);

  get text(): string {
    return this.run?.text ?? '';
  }

  /**
   * Generates; resolves with the whole text at the end, also when it was stopped or failed (`error` says so).
   * @param prompt `text` is continued as it stands, `turn` is a message to the model
   */
  async generate(prompt: { kind: 'text' | 'turn'; text: string }, sampling: Sampling): Promise<string> {
    this.error = null;
    try {
      // Lists in it may be proxies of the page's state, which can't leave the page.
      const { runId } = await request('runs.complete', { prompt, sampling: $state.snapshot(sampling) });
      const run = runs.add(new LiveRun({ runId, chatId: null, messageId: null, baseLength: 0, text: '' }));
      this.run = run;
      return await new Promise((resolve) => {
        const unlisten = runs.onEnd((ended) => {
          if (ended.runId !== runId) return;
          unlisten();
          this.error = ended.error;
          run.text = ended.text;
          resolve(ended.text);
        });
      });
    } catch (thrown) {
      this.error = toErrorData(thrown);
      return '';
    } finally {
      this.run = null;
    }
  }

  stop(): void {
    if (this.run !== null) runs.stop(this.run);
  }
}
