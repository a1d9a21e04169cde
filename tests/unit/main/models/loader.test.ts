import { expect, test } from 'vitest';
import { ModelLoader } from '../../../../main/models/loader.js';
import { AppError } from '../../../../preload/contract/errors.js';
import type { LoadRequest } from '../../../../preload/contract/engine.js';
import type { EngineStatus, LoadedModel } from '../../../../preload/contract/models.js';
import { settingsSchema } from '../../../../preload/contract/settings.js';

type Pending = {
  request: LoadRequest;
  resolve: (model: LoadedModel) => void;
  reject: (error: AppError) => void;
};

function setUp(choice: string | null = null) {
  const pending: Pending[] = [];
  const statuses: EngineStatus[] = [];
  const loader = new ModelLoader({
    engine: {
      load: (request) => new Promise((resolve, reject) => pending.push({ request, resolve, reject })),
      cancelLoad: () => pending.at(-1)?.reject(new AppError({ code: 'cancelled', message: 'Cancelled.' })),
      unload: async () => undefined,
    },
    settings: () => settingsSchema.parse({}),
    remember: () => undefined,
    firstChoice: async () => choice,
    onStatus: (status) => statuses.push(status),
  });
  const loaded = (path: string): LoadedModel => ({
    ...{ path, name: path.slice(1), contextSize: 2048, threads: 2, gpu: null },
    ...{ template: { id: 'koala', label: 'Koala' }, templateReason: 'test' },
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { loader, pending, statuses, loaded, settle };
}

test('loads once for two callers, and tells each step', async () => {
  const { loader, pending, statuses, loaded, settle } = setUp('/a');
  const both = Promise.all([loader.ensureLoaded(), loader.load('/a')]);
  await settle();
  loader.progressed(0.5);
  expect(pending).toHaveLength(1);
  pending[0]!.resolve(loaded('/a'));
  await both;
  expect(statuses.map(({ state }) => state)).toEqual(['loading', 'loading', 'ready']);
});

test('a failure is in the status; a cancelled load leaves nothing loaded', async () => {
  const { loader, pending, settle } = setUp();
  const failing = loader.load('/a').catch((error: AppError) => error.code);
  await settle();
  pending[0]!.reject(new AppError({ code: 'model-truncated', message: 'Cut.' }));
  expect(await failing).toBe('model-truncated');
  expect(loader.status).toMatchObject({ state: 'failed', path: '/a', error: { message: 'Cut.' } });
  const cancelled = loader.load('/b').catch((error: AppError) => error.code);
  await settle();
  loader.cancel();
  expect(await cancelled).toBe('cancelled');
  expect(loader.status.state).toBe('idle');
});

test('choosing another model while one loads takes its place', async () => {
  const { loader, pending, loaded, settle } = setUp();
  const first = loader.load('/a').catch((error: AppError) => error.code);
  await settle();
  const second = loader.load('/b');
  await settle();
  await settle();
  pending[1]!.resolve(loaded('/b'));
  await second;
  expect(await first).toBe('cancelled');
  expect(loader.status).toMatchObject({ state: 'ready', path: '/b' });
});

test('without any model there is a next step', async () => {
  const { loader } = setUp();
  await expect(loader.ensureLoaded()).rejects.toMatchObject({ code: 'no-model' });
});
