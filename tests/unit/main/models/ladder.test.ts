import { expect, test } from 'vitest';
import { failureOf, loweredNote, nextRung, type LoadFailure } from '../../../../main/models/ladder.js';
import { AppError, type ErrorCode } from '../../../../preload/contract/errors.js';
import type { LoadSettings } from '../../../../preload/contract/settings.js';

const shape = { layers: 32, headSize: 128 };
const full: LoadSettings = { contextSize: 8192, kvType: 'f16', gpuLayers: -1 };

/** Every rung below, when each of them fails in the same way. */
function rungs(failure: LoadFailure, from = full, model = shape): string[] {
  const said: string[] = [];
  for (let at = nextRung(from, failure, model); at !== null; at = nextRung(at, failure, model)) {
    said.push(`${at.contextSize} ${at.kvType} ${at.gpuLayers}`);
  }
  return said;
}

test('memory for the context: smaller context, smaller KV cache, fewer layers on the GPU, none', () => {
  expect(rungs({ cause: 'memory', during: 'context', onGpu: true })).toEqual([
    ...['4096 f16 -1', '2048 f16 -1', '2048 q8_0 -1', '2048 q8_0 16', '2048 q8_0 8'],
    ...['2048 q8_0 0', '1024 q8_0 0', '512 q8_0 0'],
  ]);
});

test('memory for the weights: only layers can go elsewhere', () => {
  expect(rungs({ cause: 'memory', during: 'weights', onGpu: true })).toEqual([
    ...['8192 f16 16', '8192 f16 8', '8192 f16 0'],
  ]);
  expect(rungs({ cause: 'memory', during: 'weights', onGpu: false })).toEqual([]);
});

test('crashes: few steps, and none that only trades one risk for another', () => {
  expect(rungs({ cause: 'crash', during: 'context', onGpu: false })).toEqual([
    ...['2048 f16 -1', '1024 f16 -1', '512 f16 -1'],
  ]);
});

test('the KV cache keeps its type where heads are no whole blocks, or where it is small already', () => {
  const failure = { cause: 'memory', during: 'context', onGpu: false } as const;
  const small = { ...full, contextSize: 1024 };
  expect(rungs(failure, small, { layers: 32, headSize: 80 })).toEqual(['512 f16 -1']);
  expect(rungs(failure, { ...small, kvType: 'q4_0' })).toEqual(['512 q4_0 -1']);
});

test('from whatever setting, the ladder has an end, and never raises anything', () => {
  for (const cause of ['memory', 'crash'] as const) {
    for (const during of ['weights', 'context'] as const) {
      for (const contextSize of [1, 511, 513, 5000, 1_048_576]) {
        for (const gpuLayers of [-1, 0, 1, 3, 1024]) {
          const from = { ...full, contextSize, gpuLayers };
          let at: LoadSettings | null = from;
          for (let step = 0; at !== null; step++) {
            expect(step).toBeLessThan(30);
            expect(at.contextSize).toBeLessThanOrEqual(contextSize);
            at = nextRung(at, { cause, during, onGpu: true }, shape);
          }
        }
      }
    }
  }
});

test('which failures lower settings may cure', () => {
  const of = (code: ErrorCode, progress: number | null) =>
    failureOf(new AppError({ code, message: '' }), progress === null ? null : { progress, onGpu: true });
  expect(of('engine-died', 0.4)).toEqual({ cause: 'crash', during: 'weights', onGpu: true });
  expect(of('engine-died', 1)).toEqual({ cause: 'crash', during: 'context', onGpu: true });
  expect(of('engine-killed', 1)).toEqual({ cause: 'crash', during: 'context', onGpu: true });
  // Whatever it did: it is the card that fails, not the size of the context.
  expect(of('gpu-lost', 1)).toEqual({ cause: 'crash', during: 'weights', onGpu: true });
  expect(of('engine-died', null)).toEqual({ cause: 'crash', during: 'weights', onGpu: false });
  expect(of('context-too-large', 1)).toMatchObject({ cause: 'memory', during: 'context' });
  expect(of('model-too-large', 0)).toMatchObject({ cause: 'memory', during: 'weights' });
  for (const code of ['model-load-failed', 'model-unsupported', 'model-truncated', 'cancelled'] as const) {
    expect(of(code, 0.5)).toBeNull();
  }
});

test('what was lowered is said in words, with the reason', () => {
  const note = (used: Partial<LoadSettings>, ...causes: ('memory' | 'crash')[]) =>
    loweredNote({ stamp: '', wanted: full, used: { ...full, ...used }, causes });
  expect(note({ contextSize: 2048 }, 'memory')).toBe(
    'a context of 2,048 instead of 8,192: there was not enough memory.',
  );
  expect(note({ contextSize: 2048, kvType: 'q8_0', gpuLayers: 16 }, 'memory', 'crash')).toBe(
    'a context of 2,048 instead of 8,192, a Q8_0 KV cache, and only 16 layers on the GPU: ' +
      'there was not enough memory, and the engine crashed.',
  );
  expect(note({ gpuLayers: 0 }, 'crash')).toBe('no layers on the GPU: the engine crashed.');
});
