import { expect, test } from 'vitest';
import { memoryNeed } from '../../../../../main/engine/memory.js';
import { Fits } from '../../../../../main/models/fit/fits.js';
import type { EngineStatus, LoadedModel } from '../../../../../preload/contract/models.js';
import { settingsSchema, type Settings } from '../../../../../preload/contract/settings.js';

const model = {
  shape: {
    ...{ layers: 32, kvHeads: 8, headSize: 128, width: 4096, feedForward: 11_008 },
    ...{ vocabulary: 32_000, trainedContext: 8192 },
  },
  weightsBytes: 1e9,
};
const wanted = { contextSize: 2048, kvType: 'f16', gpuLayers: -1 } as const;
const estimated = memoryNeed(model.shape, model.weightsBytes, wanted);

function setUp() {
  let settings = settingsSchema.parse(wanted);
  let status: EngineStatus = { state: 'idle' };
  const fits = new Fits({
    settings: {
      get: () => settings,
      set: (values) => (settings = settingsSchema.parse({ ...settings, ...(values as Partial<Settings>) })),
    },
    status: () => status,
  });
  /** A load of the model that took so many times the estimate for computing. */
  const load = (
    compute: number,
    { contextSize = 2048, vramBytes = 0, freeVramBytes = null as number | null } = {},
  ) => {
    const { weightsBytes, kvBytes, computeBytes } = estimated;
    const loaded: LoadedModel = {
      ...{ path: '/m.gguf', name: 'm', contextSize, threads: 2, gpu: null, freeVramBytes },
      ...{ template: { id: 'koala', label: 'Koala' }, templateReason: 'test' },
      ...{ identity: { sizeBytes: 1, hash: 'a' }, engine: 'test' },
      memory: { weightsBytes, kvBytes, computeBytes: compute * computeBytes, vramBytes },
    };
    fits.learn(model, wanted, loaded);
    status = { state: 'ready', ...loaded, note: null };
  };
  return { fits, load, settings: () => settings };
}

test('what a load took stands in the next estimate', async () => {
  const { fits, load } = setUp();
  expect(await fits.of(model)).toMatchObject({ corrected: false, need: estimated, contextSize: 2048 });
  load(1.5);
  const fit = await fits.of(model);
  expect(fit.corrected).toBe(true);
  expect(fit.need.computeBytes).toBeCloseTo(1.5 * estimated.computeBytes, 0);
  expect(fits.lastLoad()?.measured.computeBytes).toBe(1.5 * estimated.computeBytes);
});

test('a load with the same settings takes the place of the one before, and only the last ones are kept', () => {
  const { load, settings } = setUp();
  load(1.5);
  load(1.2);
  expect(settings().measurements).toHaveLength(1);
  for (let at = 0; at < 40; at++) load(1, { contextSize: 4096 + at });
  expect(settings().measurements).toHaveLength(16);
});

test('the loaded model makes room for the next one, in the GPU’s memory too', async () => {
  const { fits, load } = setUp();
  const before = (await fits.of(model)).freeRamBytes;
  load(1);
  const { freeRamBytes } = await fits.of(model);
  // The machine’s free memory moves meanwhile, but not by the two gigabytes of the model.
  expect(freeRamBytes - before).toBeGreaterThan(0.5e9);
  load(1, { vramBytes: 1e9, freeVramBytes: 7e9 });
  expect(await fits.of(model)).toMatchObject({ gpuLayers: 32, ramBytes: estimated.otherBytes });
});
