/** Which models are in memory together, with engines whose answers are set here. */
import { beforeEach, expect, test } from 'vitest';
import { ArenaEngines, type ArenaEngine } from '../../../../main/arena/engines.js';
import type { EngineEvents } from '../../../../main/engine/host.js';
import type { GenerateRequest } from '../../../../preload/contract/engine.js';
import { AppError } from '../../../../preload/contract/errors.js';
import type { Fit } from '../../../../preload/contract/fit.js';
import type { LoadedModel } from '../../../../preload/contract/models.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { settingsSchema, type Settings } from '../../../../preload/contract/settings.js';

const gigabyte = 1e9;
const machineBytes = 10 * gigabyte;

let loaded: string[];
let stopped: string[];
let events: Map<string, EngineEvents>;
let cancelled: string[];
let generating: GenerateRequest[];
let sizes: Record<string, number>;
let chatBytes: number;
let chatLoad: Promise<void>;
let hasGpu: boolean;
let settings: Settings;
let engines: ArenaEngines;

const held = () => loaded.reduce((sum, path) => sum + sizes[path]!, chatBytes);

beforeEach(() => {
  [loaded, stopped, cancelled, generating] = [[], [], [], []];
  events = new Map();
  sizes = { '/a': 3 * gigabyte, '/b': 3 * gigabyte, '/c': 3.8 * gigabyte, '/big': 9 * gigabyte };
  chatBytes = 0;
  chatLoad = Promise.resolve();
  hasGpu = false;
  settings = settingsSchema.parse({ modelPath: '/chat' });
  const start = (heard: EngineEvents): ArenaEngine => {
    let path = '';
    return {
      load: async (request) => {
        path = request.path;
        if (path === '/broken') throw new AppError({ code: 'model-not-gguf', message: 'This is no model.' });
        loaded.push(path);
        events.set(path, heard);
        heard.loadProgress({ progress: 0.5, onGpu: false });
        const memory = { weightsBytes: sizes[path]!, kvBytes: 0, computeBytes: 0, vramBytes: 0 };
        return { path, memory, gpu: null } as LoadedModel;
      },
      cancelLoad: () => undefined,
      unload: async () => undefined,
      kill: () => undefined,
      generate: async (request) => void generating.push(request as GenerateRequest),
      cancel: (runId) => {
        cancelled.push(runId);
      },
      perplexity: async () => Promise.reject(new Error('not asked here')),
      stop: async () => {
        loaded = loaded.filter((other) => other !== path);
        stopped.push(path);
      },
    };
  };
  engines = new ArenaEngines({
    start,
    settings: {
      get: () => settings,
      set: (values) => (settings = settingsSchema.parse({ ...settings, ...values })),
    },
    inspect: async () => ({ stamp: '', sizeBytes: 1, shape: { trainedContext: 512 } as never }),
    nameOf: async (path) => path.slice(1),
    onLoaded: () => undefined,
    chosenTemplate: async (_path, template) => ({ template }),
    fit: async (path) =>
      ({ ramBytes: sizes[path] ?? 0, freeRamBytes: machineBytes - held() + chatBytes }) as Fit,
    availableBytes: async () => machineBytes - held(),
    hasGpu: () => hasGpu,
    chatModel: {
      isLoaded: () => chatBytes > 0,
      settled: () => chatLoad,
      rest: async () => void (chatBytes = 0),
    },
    onUsed: () => undefined,
  });
});

const spec = (modelPath: string, template: string | null = null) => ({ modelPath, template });
const settle = () => new Promise((resolve) => setTimeout(resolve));
let lastRun = 0;
const request = () => ({
  ...{ runId: `run-${++lastRun}`, sampling: defaultSampling() },
  prompt: { kind: 'chat' as const, messages: [] },
});
/** Writes to the end. */
async function write(path: string, template: string | null = null) {
  const asked = request();
  const written = engines.write({ ...spec(path, template), request: asked });
  await settle();
  events.get(path)?.run({ type: 'done', runId: asked.runId, text: 'text', stats: {} as never, prompt: '' });
  return written;
}

test('what fits stays loaded together; what does not makes the one used longest ago go', async () => {
  await write('/a');
  await write('/b');
  expect(loaded).toEqual(['/a', '/b']);
  await write('/a');
  expect(loaded).toEqual(['/a', '/b']);
  await write('/c');
  expect(loaded).toEqual(['/a', '/c']);
  expect(stopped).toEqual(['/b']);
});

test('the chat’s model makes room last, and is not told to be another one', async () => {
  chatBytes = 4 * gigabyte;
  await write('/a');
  expect(chatBytes).toBeGreaterThan(0);
  await write('/big');
  expect(loaded).toEqual(['/big']);
  expect(chatBytes).toBe(0);
  expect(settings.modelPath).toBe('/chat');
});

test('these make room for the chat’s model where it would not fit beside them', async () => {
  await write('/a');
  await write('/b');
  sizes['/chat'] = 2 * gigabyte;
  await engines.giveWay('/chat');
  expect(loaded).toEqual(['/a', '/b']);
  sizes['/chat'] = 5 * gigabyte;
  await engines.giveWay('/chat');
  expect(loaded).toEqual(['/b']);
});

test('it waits until the chat’s model is loaded', async () => {
  let end!: () => void;
  chatLoad = new Promise((resolve) => (end = resolve));
  void engines.write({ ...spec('/a'), request: request() });
  await settle();
  expect(loaded).toEqual([]);
  end();
  await settle();
  expect(loaded).toEqual(['/a']);
});

test('a model on a server takes no room, and makes none', async () => {
  const remote = 'remote:c/Llama';
  sizes[remote] = 0;
  chatBytes = 9 * gigabyte;
  await write(remote);
  expect(chatBytes).toBeGreaterThan(0);
  chatBytes = 0;
  await write('/big');
  expect(loaded).toEqual([remote, '/big']);
  sizes['/chat'] = 5 * gigabyte;
  await engines.giveWay('/chat');
  expect(loaded).toEqual([remote]);
  expect(await engines.plan([spec(remote), spec(remote)])).toMatchObject({ reason: 'servers', models: 0 });
  expect(await engines.plan([spec(remote), spec('/a')])).toMatchObject({ reason: 'one-model', models: 1 });
});

test('a model that is in use makes no room, whatever is done with it', async () => {
  sizes['/chat'] = 9 * gigabyte;
  await engines.withModel(spec('/a'), () => engines.giveWay('/chat'));
  expect(loaded).toEqual(['/a']);
  await engines.giveWay('/chat');
  expect(loaded).toEqual([]);
});

test('the plan says whether they stay together, and why', async () => {
  const plan = (...paths: string[]) => engines.plan(paths.map((path) => spec(path)));
  expect(await plan('/a', '/a')).toMatchObject({ models: 1, together: true, reason: 'one-model' });
  expect(await plan('/a', '/b')).toMatchObject({ models: 2, together: true, reason: 'fits' });
  expect(await plan('/a', '/b', '/c')).toMatchObject({ models: 3, together: false, reason: 'memory' });
  // What they hold already counts as theirs.
  await write('/a');
  await write('/b');
  expect(await plan('/a', '/b')).toMatchObject({
    together: true,
    freeBytes: expect.closeTo(10.2e9, -9) as number,
  });
  hasGpu = true;
  expect(await plan('/a', '/b')).toMatchObject({ together: false, reason: 'gpu' });
});

test('a GPU holds one model at a time', async () => {
  hasGpu = true;
  chatBytes = gigabyte;
  await write('/a');
  expect(chatBytes).toBe(0);
  await write('/b');
  expect(loaded).toEqual(['/b']);
});

test('another template of the same model is another load', async () => {
  await write('/a', 'koala');
  await write('/a', 'vicuna-v1.1');
  expect(loaded).toEqual(['/a', '/a']);
});

test('nothing of it goes to the disk; text and figures come while it is written', async () => {
  const asked = request();
  const heard: unknown[] = [];
  const written = engines.write({
    ...spec('/a'),
    request: asked,
    onProgress: (share) => heard.push(share),
    onLoaded: ({ memoryBytes, loadMs }) => heard.push(memoryBytes, typeof loadMs),
    onReport: (report) => heard.push(report.text),
  });
  await settle();
  expect(generating[0]).toMatchObject({ runId: asked.runId, incognito: true });
  events.get('/a')!.run({ type: 'text', runId: asked.runId, offset: 0, text: 'Hel' });
  events.get('/a')!.run({ type: 'done', runId: asked.runId, text: 'Hello', stats: {} as never, prompt: '' });
  expect(await written).toMatchObject({ type: 'done', text: 'Hello' });
  expect(heard).toEqual([0, 0.5, 3 * gigabyte, 'number', 'Hel']);
});

test('a load that fails, an engine that dies, and one that is closed end the run with the reason', async () => {
  expect(await write('/broken')).toMatchObject({ type: 'failed', error: { message: 'This is no model.' } });
  const begin = async () => {
    const written = engines.write({ ...spec('/a'), request: request() });
    await settle();
    return written;
  };
  const dies = begin();
  await settle();
  events.get('/a')!.died(new AppError({ code: 'engine-died', message: 'It died.' }));
  expect(await dies).toMatchObject({ type: 'failed', error: { code: 'engine-died' } });
  const closes = begin();
  await settle();
  await engines.close();
  expect(await closes).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
});

test('a run is stopped in the engine; one that waits for its model never begins', async () => {
  const first = request();
  void engines.write({ ...spec('/a'), request: first });
  await settle();
  engines.stop(first.runId);
  expect(cancelled).toEqual([first.runId]);
  const second = request();
  const waiting = engines.write({ ...spec('/b'), request: second });
  engines.stop(second.runId);
  expect(await waiting).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
  expect(generating).toHaveLength(1);
});
