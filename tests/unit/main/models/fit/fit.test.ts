import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryNeed, requireMemory, sumOf } from '../../../../../main/engine/memory.js';
import { correctionsOf } from '../../../../../main/models/fit/corrections.js';
import { fitOf, type Candidate, type Machine } from '../../../../../main/models/fit/fit.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import { kvTypes } from '../../../../../preload/contract/kv-types.js';

/** LLaMA 7B with a file in Q4_0. */
const llama7B: Candidate = {
  shape: {
    ...{ layers: 32, kvHeads: 32, headSize: 128, width: 4096, feedForward: 11_008 },
    ...{ vocabulary: 32_000, trainedContext: 2048 },
  },
  weightsBytes: 3_825_806_912,
  contextSize: 2048,
  kvType: 'f16',
  gpuLayers: -1,
};

const gigabytes = fc.double({ min: 0, max: 200e9, noNaN: true });
const candidates: fc.Arbitrary<Candidate> = fc.record({
  shape: fc.record({
    layers: fc.integer({ min: 1, max: 100 }),
    kvHeads: fc.integer({ min: 1, max: 64 }),
    headSize: fc.constantFrom(64, 80, 128),
    width: fc.integer({ min: 64, max: 16_384 }),
    feedForward: fc.integer({ min: 64, max: 50_000 }),
    vocabulary: fc.constantFrom(0, 32_000, 49_152, 128_256),
    trainedContext: fc.integer({ min: 512, max: 131_072 }),
  }),
  weightsBytes: gigabytes,
  contextSize: fc.integer({ min: 512, max: 131_072 }),
  kvType: fc.constantFrom(...kvTypes),
  gpuLayers: fc.integer({ min: -1, max: 120 }),
});
const machines: fc.Arbitrary<Machine> = fc.record({
  ramBytes: gigabytes,
  vramBytes: fc.option(gigabytes),
});
const always = (check: (candidate: Candidate, machine: Machine) => void) =>
  fc.assert(fc.property(candidates, machines, check));

test('LLaMA 7B in Q4_0 takes about 5.1 GB with its whole context', () => {
  const fit = fitOf(llama7B, { ramBytes: 16e9, vramBytes: null });
  expect(fit).toMatchObject({ verdict: 'fits', contextSize: 2048, gpuLayers: 0, vramBytes: 0 });
  // 2 × 32 layers × 32 heads × 128 elements × 2 bytes for a token
  expect(fit.need.kvBytes).toBe(2048 * 524_288);
  expect(fit.ramBytes).toBeGreaterThan(5.0e9);
  expect(fit.ramBytes).toBeLessThan(5.2e9);
  expect(fitOf(llama7B, { ramBytes: 5.3e9, vramBytes: null }).verdict).toBe('tight');
  expect(fitOf(llama7B, { ramBytes: 4.6e9, vramBytes: null })).toMatchObject({
    verdict: 'no',
    largestContext: 1024,
  });
});

test('a context that is not set is the default one', () => {
  const shape = { ...llama7B.shape, trainedContext: 131_072 };
  const fit = fitOf({ ...llama7B, shape, contextSize: 0 }, { ramBytes: 64e9, vramBytes: null });
  expect(fit).toMatchObject({ contextSize: 8192, largestContext: 114_176 });
});

test('on a GPU go all layers, or as many as fit, or as many as are wanted', () => {
  const layersIn = (vramBytes: number, gpuLayers = -1) => {
    const fit = fitOf({ ...llama7B, gpuLayers }, { ramBytes: 16e9, vramBytes });
    return fit.gpuLayers;
  };
  expect(layersIn(8e9)).toBe(32);
  expect(layersIn(3e9)).toBe(18);
  expect(layersIn(3e9, 10)).toBe(10);
  expect(layersIn(8e9, 0)).toBe(0);
  expect(layersIn(0.05e9)).toBe(0);
});

test('without a GPU, what is `no` is what the engine refuses', () => {
  always((candidate, { ramBytes }) => {
    const refused = () =>
      requireMemory({ sizeBytes: candidate.weightsBytes }, candidate.shape, candidate, ramBytes);
    if (fitOf(candidate, { ramBytes, vramBytes: null }).verdict === 'no') expect(refused).toThrow(AppError);
    else expect(refused).not.toThrow();
  });
});

test('the largest context fits, and the next one does not or is more than the model knows', () => {
  always((candidate, machine) => {
    const { largestContext } = fitOf(candidate, machine);
    const verdictAt = (contextSize: number) => fitOf({ ...candidate, contextSize }, machine).verdict;
    if (largestContext > 0) expect(verdictAt(largestContext)).not.toBe('no');
    const next = Math.max(512, largestContext + 256);
    if (next <= candidate.shape.trainedContext) expect(verdictAt(next)).toBe('no');
  });
});

test('more memory never makes it worse, and a larger model never better', () => {
  const rank = { no: 0, tight: 1, fits: 2 };
  always((candidate, machine) => {
    const { verdict, largestContext } = fitOf(candidate, machine);
    const roomier = fitOf(candidate, { ...machine, ramBytes: machine.ramBytes * 1.5 });
    const larger = fitOf({ ...candidate, weightsBytes: candidate.weightsBytes * 1.5 + 1e9 }, machine);
    expect(rank[roomier.verdict]).toBeGreaterThanOrEqual(rank[verdict]);
    expect(rank[larger.verdict]).toBeLessThanOrEqual(rank[verdict]);
    expect(roomier.largestContext).toBeGreaterThanOrEqual(largestContext);
    expect(larger.largestContext).toBeLessThanOrEqual(largestContext);
  });
});

test('nothing is lost between the machine’s memory and the GPU’s, and the GPU is never filled beyond what is free', () => {
  always((candidate, machine) => {
    const { need, ramBytes, vramBytes, gpuLayers } = fitOf(candidate, machine);
    expect(ramBytes + vramBytes).toBeGreaterThanOrEqual(sumOf(need) * (1 - 1e-9));
    expect(vramBytes).toBeLessThanOrEqual((machine.vramBytes ?? 0) + 1);
    if (candidate.gpuLayers >= 0) expect(gpuLayers).toBeLessThanOrEqual(candidate.gpuLayers);
  });
});

test('a load that took more corrects the estimate for it to what it took', () => {
  always((candidate, machine) => {
    const estimated = memoryNeed(candidate.shape, candidate.weightsBytes + 1e8, candidate);
    const measured = {
      weightsBytes: estimated.weightsBytes * 0.98,
      kvBytes: estimated.kvBytes,
      computeBytes: estimated.computeBytes * 1.5,
      vramBytes: 0,
    };
    const corrections = correctionsOf([{ estimated, measured }]);
    const fit = fitOf({ ...candidate, weightsBytes: candidate.weightsBytes + 1e8 }, machine, corrections);
    expect(fit.corrected).toBe(true);
    expect(fit.need.weightsBytes).toBeCloseTo(measured.weightsBytes, 0);
    expect(fit.need.computeBytes).toBeCloseTo(measured.computeBytes, 0);
  });
});

test('one odd load does not spoil the estimate, and an absurd one is bounded', () => {
  const load = (share: number) => {
    const estimated = { weightsBytes: 1e9, kvBytes: 1e9, computeBytes: 1e9, otherBytes: 0 };
    return {
      estimated,
      measured: { weightsBytes: share * 1e9, kvBytes: 1e9, computeBytes: 0, vramBytes: 0 },
    };
  };
  expect(correctionsOf([])).toEqual({ weights: 1, kv: 1, compute: 1 });
  expect(correctionsOf([load(1.02), load(3), load(1.01)])).toEqual({ weights: 1.02, kv: 1, compute: 1 });
  expect(correctionsOf([load(1000)]).weights).toBe(4);
});

test('a tiny model teaches nothing about large ones', () => {
  const estimated = { weightsBytes: 3e6, kvBytes: 1e6, computeBytes: 1e6, otherBytes: 0 };
  const measured = { weightsBytes: 9e6, kvBytes: 4e6, computeBytes: 4e6, vramBytes: 0 };
  expect(correctionsOf([{ estimated, measured }])).toEqual(correctionsOf([]));
});
