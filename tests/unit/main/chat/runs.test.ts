import { expect, test } from 'vitest';
import { Runs, type RunsOptions } from '../../../../main/chat/runs.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { settingsSchema } from '../../../../preload/contract/settings.js';

test('a run that waits for its model ends at once when it is stopped, and never reaches the engine', async () => {
  const calls: string[] = [];
  const ended: unknown[] = [];
  let loaded: () => void = () => undefined;
  const runs = new Runs({
    // Free runs keep nothing.
    db: {} as RunsOptions['db'],
    engine: {
      generate: async ({ runId }) => void calls.push(`generate ${runId}`),
      cancel: (runId) => void calls.push(`cancel ${runId}`),
    },
    loader: {
      modelName: async () => 'llama',
      ensureLoaded: () => new Promise((resolve) => (loaded = resolve)),
    },
    settings: () => settingsSchema.parse({}),
    broadcast: (name, data) => void (name === 'runs.ended' && ended.push(data)),
  });
  const { runId } = await runs.complete({ kind: 'text', text: 'Once' }, defaultSampling());
  runs.stop(runId);
  await Promise.resolve();
  expect(ended).toMatchObject([{ runId, error: { code: 'cancelled' } }]);
  loaded();
  await new Promise((resolve) => setTimeout(resolve));
  expect(calls).toEqual([]);
});
