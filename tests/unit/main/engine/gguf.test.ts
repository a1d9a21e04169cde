import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../../main/engine/byte-source.js';
import { readGguf, readHyperparameters } from '../../../../main/engine/gguf.js';
import { AppError } from '../../../../preload/contract/errors.js';
import { ggufFile } from '../../../fixtures/gguf.js';

const folder = mkdtempSync(join(tmpdir(), 'gguf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (bytes: Buffer) => {
  const path = join(folder, 'file.gguf');
  writeFileSync(path, bytes);
  return path;
};
const metadata = {
  'general.architecture': 'llama',
  'general.name': 'Tiny',
  'general.file_type': 15,
  'llama.context_length': 4096,
  'llama.block_count': 32,
  'llama.embedding_length': 4096,
  'llama.attention.head_count': 32,
  'llama.attention.head_count_kv': 8,
  'tokenizer.ggml.tokens': Array.from({ length: 200 }, (_, index) => `token${index}`),
};
const whole = ggufFile(metadata, [{ name: 'output.weight', dimensions: [32, 32] }]);

const codeOf = async (path: string) => {
  const error = await readGguf(path).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return null;
  // Anything but an AppError would be a fault of the reader, not of the file.
  expect(error).toBeInstanceOf(AppError);
  return (error as AppError).code;
};

test('keeps a long array only when asked', async () => {
  const path = write(whole);
  expect((await readGguf(path)).metadata.has('tokenizer.ggml.tokens')).toBe(false);
  const kept = await readGguf(path, new Set(['tokenizer.ggml.tokens']));
  expect(kept.metadata.get('tokenizer.ggml.tokens')).toHaveLength(200);
});

test('what stands behind long arrays of each kind is read', async () => {
  const long = {
    'tokenizer.ggml.tokens': Array.from({ length: 40_000 }, (_, index) => `wörd ${index}`),
    'tokenizer.ggml.scores': new Float32Array(400_000),
    'tokenizer.ggml.token_type': new Int32Array(400_000),
  };
  const path = write(
    ggufFile({ ...long, 'llama.block_count': 7 }, [{ name: 'output.weight', dimensions: [32, 32] }]),
  );
  const { metadata: read, arrayLengths, tensors } = await readGguf(path);
  expect([...arrayLengths.values()]).toEqual([40_000, 400_000, 400_000]);
  expect([...read]).toEqual([['llama.block_count', 7]]);
  expect([...tensors.keys()]).toEqual(['output.weight']);
});

describe('of a file far away', () => {
  /** Bytes in memory that count what is read, in windows of 256. */
  const counted = (bytes: Buffer) => {
    const reads: number[] = [];
    const source: ByteSource = {
      sizeBytes: bytes.length,
      read: async (position, atLeast) => {
        const window = bytes.subarray(position, position + Math.max(atLeast, 256));
        reads.push(window.length);
        return window;
      },
    };
    return { source, total: () => reads.reduce((sum, length) => sum + length, 0) };
  };

  test('of the vocabulary only its length is read', async () => {
    const { source, total } = counted(whole);
    const { metadata: read, arrayLengths } = await readHyperparameters(source);
    expect(read.get('llama.block_count')).toBe(32);
    expect(arrayLengths.get('tokenizer.ggml.tokens')).toBe(200);
    expect(total()).toBeLessThanOrEqual(768);
    expect(whole.length).toBeGreaterThan(4000);
  });

  test('a vocabulary that stands before what must be known is read over', async () => {
    const { 'tokenizer.ggml.tokens': tokens, ...others } = metadata;
    const { source } = counted(ggufFile({ 'tokenizer.ggml.tokens': tokens, ...others }));
    const { metadata: read, arrayLengths } = await readHyperparameters(source);
    expect(read.get('llama.block_count')).toBe(32);
    expect(arrayLengths.get('tokenizer.ggml.tokens')).toBe(200);
  });
});

describe('damage', () => {
  test('a file cut anywhere is called incomplete or no GGUF', async () => {
    for (let length = 0; length < whole.length; length += 97) {
      expect(['model-truncated', 'model-not-gguf']).toContain(await codeOf(write(whole.subarray(0, length))));
    }
  });

  test('older formats and other files are told apart', async () => {
    const reason = (bytes: Buffer) => readGguf(write(bytes)).catch((error: AppError) => error.message);
    expect(await reason(Buffer.from('tjgg plus the rest'))).toContain('older GGML format of 2023');
    expect(await reason(Buffer.from('PK\u0003\u0004 zip'))).toContain(
      'its first bytes are not those of GGUF',
    );
    expect(await reason(Buffer.alloc(0))).toContain('it is empty');
    expect(await codeOf(join(folder, 'nowhere.gguf'))).toBe('model-missing');
  });
});
