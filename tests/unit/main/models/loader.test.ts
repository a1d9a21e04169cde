import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelLoader } from '../../../../main/models/loader.js';

import { AppError, type ErrorCode } from '../../../../preload/contract/errors.js';
import type { LoadRequest } from '../../../../preload/contract/engine.js';
import type { EngineStatus, LoadedModel } from '../../../../preload/contract/models.js';
import { settingsSchema, type Settings } from '../../../../preload/contract/settings.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Pending = {
  request: LoadRequest;
  resolve: (model: LoadedModel) => void;
  reject: (error: AppError) => void;
};

const cancelled = new AppError({ code: 'cancelled', message: 'Cancelled.' });
const codeOf = (loading: Promise<void>) =>
  loading.then(
    () => 'loaded' as const,
    (error: AppError) => error.code,
  );

/** @param isDeaf an engine that does not hear a cancelling */
function setUp({ choice = null, isDeaf = false }: { choice?: string | null; isDeaf?: boolean } = {}) {
  const pending: Pending[] = [];
  const statuses: EngineStatus[] = [];
  const calls: string[] = [];
  const measured: [sizeBytes: number, contextSize: number][] = [];
  let settings = settingsSchema.parse({});
  const set = (values: Partial<Settings>) => (settings = settingsSchema.parse({ ...settings, ...values }));
  let stamp = 'one';
  const loader = new ModelLoader({
    engine: {
      load: (request) => new Promise((resolve, reject) => pending.push({ request, resolve, reject })),
      cancelLoad: () => {
        calls.push('cancel');
        if (!isDeaf) pending.at(-1)?.reject(cancelled);
      },
      unload: async () => void calls.push('unload'),
      kill: (reason) => {
        calls.push('kill');
        pending.at(-1)?.reject(reason);
      },
    },
    settings: { get: () => settings, set: (values) => set(values as Partial<Settings>) },
    inspect: async () => ({
      stamp,
      sizeBytes: 4e9,
      shape: {
        ...{ layers: 32, kvHeads: 8, headSize: 128, width: 4096, feedForward: 11_008 },
        ...{ vocabulary: 32_000, trainedContext: 8192 },
      },
    }),
    nameOf: async (path) => path.slice(1),
    firstChoice: async () => choice,
    chosenTemplate: async (path) => ({ template: settings.templates[path] ?? null }),
    onStatus: (status) => statuses.push(status),
    onLoaded: ({ sizeBytes }, { contextSize }) => measured.push([sizeBytes, contextSize]),
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return {
    ...{ loader, pending, statuses, calls, measured, settle, set, settings: () => settings },
    replaceFile: () => (stamp = 'two'),
    /** The last request is answered with the model. */
    loads: async (gpu: string | null = null) => {
      await settle();
      const { request, resolve } = pending.at(-1)!;
      const { path, contextSize } = request;
      resolve({
        ...{ path, name: path.slice(1), contextSize, threads: 2, gpu },
        ...{ template: { id: 'koala', label: 'Koala' }, templateReason: 'test' },
        ...{ identity: { sizeBytes: 1, hash: 'a' }, engine: 'test', freeVramBytes: null },
        memory: { weightsBytes: 4e9, kvBytes: 1e9, computeBytes: 1e8, vramBytes: 0 },
      });
      await settle();
    },
    /** The last request fails when so much of the weights is read. */
    fails: async (code: ErrorCode, progress: number, onGpu = false) => {
      await settle();
      loader.progressed({ progress, onGpu });
      pending.at(-1)!.reject(new AppError({ code, message: `It is ${code}.` }));
      await settle();
    },
    /** Settings of all requests. */
    asked: () =>
      pending.map(({ request: { contextSize, kvType, gpuLayers } }) =>
        [contextSize, kvType, gpuLayers].join(' '),
      ),
  };
}

test('loads once for two callers, and tells each step', async () => {
  const { loader, pending, statuses, measured, loads, settle } = setUp({ choice: '/a' });
  const both = Promise.all([loader.ensureLoaded(), loader.load('/a')]);
  await settle();
  loader.progressed({ progress: 0.5, onGpu: false });
  expect(pending).toHaveLength(1);
  await loads();
  await both;
  expect(statuses.map(({ state }) => state)).toEqual(['loading', 'loading', 'ready']);
  expect(measured).toEqual([[4e9, 8192]]);
});

test('a damaged file fails at once with its reason', async () => {
  const { loader, pending, fails } = setUp();
  const failing = codeOf(loader.load('/a'));
  await fails('model-load-failed', 0.5);
  expect(await failing).toBe('model-load-failed');
  expect(loader.status).toMatchObject({ state: 'failed', path: '/a', error: { code: 'model-load-failed' } });
  expect(pending).toHaveLength(1);
});

test('without any model there is a next step', async () => {
  const { loader } = setUp();
  await expect(loader.ensureLoaded()).rejects.toMatchObject({ code: 'no-model' });
});

test('a context that does not fit becomes smaller until it does; said, remembered, forgotten when asked', async () => {
  const { loader, asked, fails, loads, set, replaceFile } = setUp();
  const first = loader.load('/a');
  await fails('context-too-large', 1);
  expect(loader.status).toMatchObject({
    state: 'loading',
    note: 'Trying with a context of 4,096 instead of 8,192: there was not enough memory.',
  });
  await fails('context-too-large', 1);
  await loads();
  await first;
  const note = 'Loaded with a context of 2,048 instead of 8,192: there was not enough memory.';
  expect(loader.status).toMatchObject({ state: 'ready', contextSize: 2048, note });

  const again = async (inFull = false) => {
    const before = asked().length;
    const loading = loader.load('/a', inFull);
    await loads();
    await loading;
    return asked().slice(before);
  };
  expect(await again()).toEqual(['2048 f16 -1']);
  expect(loader.status).toMatchObject({ note });
  replaceFile();
  expect(await again()).toEqual(['8192 f16 -1']);
  expect(loader.status).toMatchObject({ note: null });

  const lowered = loader.load('/a');
  await fails('context-too-large', 1);
  await loads();
  await lowered;
  expect(await again()).toEqual(['4096 f16 -1']);
  expect(await again(true)).toEqual(['8192 f16 -1']);
  expect(await again()).toEqual(['8192 f16 -1']);

  set({ contextSize: 6000 });
  const other = loader.load('/a');
  await fails('context-too-large', 1);
  await loads();
  await other;
  set({ contextSize: 5000 });
  expect(await again()).toEqual(['5000 f16 -1']);
});

test('a crash on the context leads to a safer one, a few times; then all that was tried is told', async () => {
  const { loader, asked, fails } = setUp();
  const failing = codeOf(loader.load('/a'));
  for (let crash = 0; crash < 4; crash++) await fails('engine-died', 1);
  expect(await failing).toBe('engine-died');
  expect(asked()).toEqual(['8192 f16 -1', '2048 f16 -1', '1024 f16 -1', '512 f16 -1']);
  const { status } = loader;
  expect(status.state === 'failed' && status.error.message).toBe(
    'The engine crashes on this file. It may be damaged, or too large for this machine.',
  );
  expect(status.state === 'failed' && status.error.details?.split('\n')).toHaveLength(4);
});

test('a crash on the weights of a CPU is given one more chance, not more', async () => {
  const { loader, asked, fails, loads } = setUp();
  const lucky = codeOf(loader.load('/a'));
  await fails('engine-died', 0.3);
  await loads();
  expect(await lucky).toBe('loaded');
  expect(loader.status).toMatchObject({ note: null });
  const failing = codeOf(loader.load('/a'));
  for (let crash = 0; crash < 2; crash++) await fails('engine-died', 0.3);
  expect(await failing).toBe('engine-died');
  expect(asked()).toEqual(Array(4).fill('8192 f16 -1'));
});

test('weights that memory can’t hold are not tried again', async () => {
  const { loader, asked, fails } = setUp();
  const failing = codeOf(loader.load('/a'));
  await fails('model-too-large', 0);
  expect(await failing).toBe('model-too-large');
  expect(asked()).toHaveLength(1);
});

test('cancelling ends the ladder on any rung and leaves nothing loaded', async () => {
  const { loader, asked, fails, loads, calls, settle } = setUp();
  const cancelledLoad = codeOf(loader.load('/a'));
  await fails('context-too-large', 1);
  loader.cancel();
  expect(await cancelledLoad).toBe('cancelled');
  expect(loader.status).toEqual({ state: 'idle' });
  expect(asked()).toHaveLength(2);

  const crashed = codeOf(loader.load('/a'));
  await settle();
  loader.cancel();
  await fails('engine-died', 1);
  expect(await crashed).toBe('cancelled');

  const { loader: late, loads: loadsLate, calls: callsLate, settle: settleLate } = setUp({ isDeaf: true });
  const lateLoad = codeOf(late.load('/a'));
  await settleLate();
  late.cancel();
  await loadsLate();
  expect(await lateLoad).toBe('cancelled');
  expect(callsLate).toEqual(['cancel', 'unload']);
  expect(calls).not.toContain('kill');
  const next = loader.load('/b');
  await loads();
  await next;
  expect(loader.status).toMatchObject({ state: 'ready', path: '/b' });
});

test('a load that is cancelled before the engine has it never reaches the engine', async () => {
  const { loader, pending, settle } = setUp();
  const loading = codeOf(loader.load('/a'));
  await Promise.resolve();
  loader.cancel();
  await settle();
  expect(await loading).toBe('cancelled');
  expect(pending).toEqual([]);
});

test('a crash before it is known whether there is a GPU: fewer layers on it, said only if there is one', async () => {
  const { loader, asked, fails, loads } = setUp();
  const loading = loader.load('/a');
  await fails('engine-died', 0, true);
  await loads();
  await loading;
  expect(asked()).toEqual(['8192 f16 -1', '8192 f16 16']);
  expect(loader.status).toMatchObject({ state: 'ready', gpu: null, note: null });
});

test('an engine that does not hear a cancelling is ended after two seconds', async () => {
  const { loader, calls } = setUp({ isDeaf: true });
  const loading = codeOf(loader.load('/a'));
  await vi.advanceTimersByTimeAsync(0);
  loader.cancel();
  await vi.advanceTimersByTimeAsync(1900);
  expect(calls).toEqual(['cancel']);
  await vi.advanceTimersByTimeAsync(200);
  expect(calls).toEqual(['cancel', 'kill']);
  expect(await loading).toBe('cancelled');
  expect(loader.status).toEqual({ state: 'idle' });
});

test('ten choices in a row: the last one is loaded, the others are never begun', async () => {
  const { loader, pending, statuses, loads, settle } = setUp();
  const loading = Array.from({ length: 10 }, (_, index) => codeOf(loader.load(`/${index}`)));
  const waiting = loader.ensureLoaded();
  await settle();
  await loads();
  expect(await Promise.all(loading)).toEqual([...Array<string>(9).fill('cancelled'), 'loaded']);
  await waiting;
  expect(pending.map(({ request }) => request.path)).toEqual(['/9']);
  expect(statuses.at(-1)).toMatchObject({ state: 'ready', path: '/9' });
});

test('who waits for a model gets the one that takes its place', async () => {
  const { loader, loads, settle } = setUp();
  const first = codeOf(loader.load('/a'));
  await settle();
  const waiting = codeOf(loader.ensureLoaded());
  const second = loader.load('/b');
  await settle();
  await loads();
  await second;
  expect(await first).toBe('cancelled');
  expect(await waiting).toBe('loaded');
  expect(loader.status).toMatchObject({ state: 'ready', path: '/b' });
});

test('a model that is not used rests under its name; the next reply loads it again', async () => {
  const { loader, statuses, loads } = setUp({ choice: '/a' });
  await loader.rest(30);
  expect(statuses).toEqual([]);
  const first = loader.ensureLoaded();
  await loads();
  await first;
  await loader.rest(30);
  expect(loader.status).toEqual({ state: 'resting', path: '/a', name: 'a', minutes: 30 });
  const again = loader.ensureLoaded();
  await loads();
  await again;
  expect(loader.status.state).toBe('ready');
});

test('a model on a server is not asked for before it is needed, and has no other settings to try', async () => {
  const { loader, statuses, pending, calls } = setUp({ choice: 'remote:c/m' });
  await loader.start();
  expect(statuses).toEqual([{ state: 'resting', path: 'remote:c/m', name: 'emote:c/m', minutes: null }]);
  expect([pending, calls]).toEqual([[], []]);
  const loading = codeOf(loader.ensureLoaded());
  await vi.waitFor(() => expect(pending).toHaveLength(1));
  pending[0]!.reject(new AppError({ code: 'network-failed', message: 'Gone.' }));
  expect(await loading).toBe('network-failed');
  expect(pending).toHaveLength(1);
  expect(statuses.at(-1)).toMatchObject({ state: 'failed', error: { message: 'Gone.' } });
});

test('crashes on the GPU while it is used: the first may be chance, then fewer layers go there, said and remembered', async () => {
  const { loader, loads, asked, settings } = setUp({ choice: '/a' });
  const use = async (gpu: string | null) => {
    void loader.ensureLoaded();
    await loads(gpu);
  };
  const crash = (code: ErrorCode) => loader.engineDied(new AppError({ code, message: 'It died.' }));
  await use('cuda');
  // Too little memory says nothing of the graphics card.
  for (let kill = 0; kill < 3; kill++) {
    crash('engine-killed');
    await use('cuda');
  }
  crash('gpu-lost');
  expect(loader.status.state).toBe('idle');
  await use('cuda');
  expect(settings().loweredLoads).toEqual({});
  crash('engine-died');
  await use('cuda');
  expect(loader.status).toMatchObject({
    note: 'Loaded with only 16 layers on the GPU: the engine crashed.',
  });
  for (const code of ['gpu-lost', 'gpu-lost'] as const) {
    crash(code);
    await use('cuda');
  }
  expect(asked().map((each) => each.split(' ')[2])).toEqual(['-1', '-1', '-1', '-1', '-1', '16', '8', '0']);
  expect(loader.status).toMatchObject({ note: 'Loaded with no layers on the GPU: the engine crashed.' });
  expect(settings().loweredLoads['/a']).toMatchObject({ used: { gpuLayers: 0 }, causes: ['crash'] });
});

test('crashes without a GPU change nothing', async () => {
  const { loader, loads, settings } = setUp({ choice: '/a' });
  for (let crash = 0; crash < 3; crash++) {
    void loader.ensureLoaded();
    await loads();
    loader.engineDied(new AppError({ code: 'engine-died', message: 'It died.' }));
  }
  expect(settings().loweredLoads).toEqual({});
});

test('a model that the system kills twice while it loads is too large, and nothing is said of damage', async () => {
  const { loader, fails } = setUp();
  const failing = loader.load('/a').catch((error: AppError) => error);
  for (let kill = 0; kill < 2; kill++) await fails('engine-killed', 0.3);
  expect(await failing).toMatchObject({
    code: 'engine-killed',
    message: expect.stringContaining('as it does when memory runs out'),
    hint: 'Close other programs, or choose a smaller model or quantisation.',
  });
});
