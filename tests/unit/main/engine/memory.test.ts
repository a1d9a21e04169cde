import { expect, test } from 'vitest';
import {
  defaultContext,
  kvBytesPerToken,
  modelShape,
  requireMemory,
} from '../../../../main/engine/memory.js';

/** A 7B shape with grouped heads. */
const metadata = new Map<string, string | number>([
  ['general.architecture', 'llama'],
  ['llama.context_length', 4096],
  ['llama.block_count', 32],
  ['llama.embedding_length', 4096],
  ['llama.attention.head_count', 32],
  ['llama.attention.head_count_kv', 8],
]);
const shape = modelShape({ metadata });

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
  const room = file.sizeBytes + 200 * 2 ** 20 + 1024 * kvBytesPerToken(shape, 'f16');
  const need = (contextSize: number, kvType: 'f16' | 'q8_0', bytes: number) => () =>
    requireMemory(file, shape, { contextSize, kvType }, bytes);
  expect(need(1024, 'f16', room)).not.toThrow();
  expect(need(1536, 'q8_0', room)).not.toThrow();
  expect(need(2048, 'f16', room)).toThrow(
    expect.objectContaining({
      code: 'context-too-large',
      message: 'This model needs about 4.5 GB of memory; 4.3 GB are free.',
      hint: 'A context of 1,024 tokens would fit.',
    }),
  );
  expect(need(512, 'f16', 3e9)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
});
