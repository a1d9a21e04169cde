import { expect, test } from 'vitest';
import {
  defaultContext,
  kvBytesPerToken,
  memoryNeed,
  modelShape,
  requireMemory,
  sumOf,
} from '../../../../main/engine/memory.js';

/** A 7B shape with grouped heads. */
const metadata = new Map<string, string | number>([
  ['general.architecture', 'llama'],
  ['llama.context_length', 4096],
  ['llama.block_count', 32],
  ['llama.embedding_length', 4096],
  ['llama.feed_forward_length', 11_008],
  ['llama.attention.head_count', 32],
  ['llama.attention.head_count_kv', 8],
]);
const arrayLengths = new Map([['tokenizer.ggml.tokens', 32_000]]);
const shape = modelShape({ metadata, arrayLengths });

test('the shape of a model, its vocabulary counted where the file does not say its size', () => {
  expect(shape).toEqual({
    ...{ layers: 32, kvHeads: 8, headSize: 128, width: 4096, feedForward: 11_008 },
    ...{ vocabulary: 32_000, trainedContext: 4096 },
  });
  const said = new Map(metadata).set('llama.vocab_size', 32_016);
  expect(modelShape({ metadata: said, arrayLengths }).vocabulary).toBe(32_016);
});

test('the buffers for computing are those that llama.cpp reports', () => {
  const mebibytes = (part: Partial<typeof shape>, contextSize: number) =>
    memoryNeed({ ...shape, ...part }, 0, { contextSize, kvType: 'f16' }).computeBytes / 2 ** 20;
  // SmolLM2 135M, whose logits are the widest; then layers of 7B and of a small model at two contexts.
  const smol = { width: 576, feedForward: 1536, vocabulary: 49_152 };
  expect(mebibytes(smol, 512)).toBeCloseTo(98.25, 1);
  expect(mebibytes(smol, 8192)).toBeCloseTo(98.25, 1);
  expect(mebibytes({}, 2048)).toBeCloseTo(98.51, 1);
  expect(mebibytes({}, 16_384)).toBeCloseTo(112.51, 1);
  expect(mebibytes({ width: 1024, feedForward: 2816, vocabulary: 512 }, 32_768)).toBeCloseTo(56.51, 1);
});

test('the KV cache of a token, by its type', () => {
  expect(kvBytesPerToken(shape, 'f16')).toBe(2 * 2 * 32 * 8 * 128);
  expect(kvBytesPerToken(shape, 'q8_0')).toBe((2 * 34 * 32 * 8 * 128) / 32);
  expect(kvBytesPerToken(shape, 'q4_0')).toBe((2 * 18 * 32 * 8 * 128) / 32);
});

test('a model for which no context is set takes the one it was trained for, up to a limit', () => {
  expect(defaultContext(shape)).toBe(4096);
  expect(defaultContext({ ...shape, trainedContext: 131_072 })).toBe(8192);
  expect(defaultContext({ ...shape, trainedContext: 0 })).toBe(4096);
});

test('what memory can’t hold is refused with numbers, and told apart', () => {
  const file = { sizeBytes: 4e9 };
  const room = sumOf(memoryNeed(shape, file.sizeBytes, { contextSize: 1024, kvType: 'f16' }));
  const need = (contextSize: number, kvType: 'f16' | 'q8_0', bytes: number) => () =>
    requireMemory(file, shape, { contextSize, kvType }, bytes);
  expect(need(1024, 'f16', room)).not.toThrow();
  expect(need(1536, 'q8_0', room)).not.toThrow();
  expect(need(2048, 'f16', room)).toThrow(
    expect.objectContaining({
      code: 'context-too-large',
      message: 'This model needs about 4.4 GB of memory; 4.3 GB are free.',
      hint: 'A context of 1,024 tokens would fit.',
    }),
  );
  expect(need(512, 'f16', 3e9)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
});
