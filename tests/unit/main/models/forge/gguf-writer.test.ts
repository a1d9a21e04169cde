import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { writeGguf, type TensorSource } from '../../../../../main/models/forge/gguf-writer.js';
import { ggufHeader, padBuffer } from '../../../../fixtures/gguf.js';

const folder = mkdtempSync(join(tmpdir(), 'writer-'));
const path = join(folder, 'model.gguf');
afterEach(() => readdirSync(folder).forEach((name) => rmSync(join(folder, name))));
afterAll(() => rmSync(folder, { recursive: true }));

const metadata = {
  'general.architecture': 'llama',
  'llama.block_count': 2,
  'llama.attention.layer_norm_rms_epsilon': { f32: 1e-6 },
  'tokenizer.ggml.add_bos_token': true,
  'tokenizer.ggml.tokens': ['<unk>', '▁hat'],
  'tokenizer.ggml.scores': Float32Array.of(0, -1).subarray(0),
  'tokenizer.ggml.token_type': Int32Array.of(7, 2, 1).subarray(1),
};
const tensor = (name: string, dimensions: number[], type: number, ...pieces: Buffer[]): TensorSource => ({
  ...{ name, dimensions, type },
  data: async function* () {
    yield* pieces;
  },
});
const norm = Buffer.alloc(12, 1);
const rows = [Buffer.alloc(18, 2), Buffer.alloc(18, 3)];
const write = (
  tensors: TensorSource[],
  onProgress: (done: number, total: number) => void = () => undefined,
  signal = new AbortController().signal,
) => writeGguf(path, metadata, tensors, { signal, onProgress });

test('writes what the format wants, piece by piece', async () => {
  const seen: string[] = [];
  await write([tensor('norm', [3], 0, norm), tensor('rows', [32, 2], 2, ...rows)], (done, total) =>
    seen.push(`${done}/${total}`),
  );
  const plain = { ...metadata, 'tokenizer.ggml.token_type': Int32Array.of(2, 1) };
  const header = ggufHeader(plain, [
    { name: 'norm', dimensions: [3] },
    { name: 'rows', dimensions: [32, 2], type: 2, sizeBytes: 36 },
  ]);
  expect(readFileSync(path)).toEqual(
    Buffer.concat([header, padBuffer(norm), padBuffer(Buffer.concat(rows))]),
  );
  expect(seen).toEqual(['12/48', '30/48', '48/48']);
});

test('a tensor with too few or too many bytes ends it, and nothing is left', async () => {
  await expect(write([tensor('rows', [32, 2], 2, rows[0]!)])).rejects.toThrow('rows');
  await expect(write([tensor('rows', [32, 2], 2, ...rows, rows[0]!)])).rejects.toThrow('rows');
  expect(readdirSync(folder)).toEqual([]);
});

test('stopping leaves the file that was there before', async () => {
  writeFileSync(path, 'before');
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  await expect(write([tensor('rows', [32, 2], 2, ...rows)], stop, stopping.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(readdirSync(folder)).toEqual(['model.gguf']);
  expect(readFileSync(path, 'utf8')).toBe('before');
});
