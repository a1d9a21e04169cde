import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readHyperparameters } from '../../../../../main/engine/gguf.js';
import { openRemote, type OpenRange } from '../../../../../main/models/hub/remote-file.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import { ggufFile } from '../../../../fixtures/gguf.js';

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number) => Buffer.concat([u32(value), u32(0)]);

/** A server of these bytes; the ranges it was asked for. */
function serving(bytes: Buffer, { status = 206, sizeBytes = bytes.length } = {}) {
  const ranges: [number, number][] = [];
  const open: OpenRange = async ({ startByte, endByte }) => {
    ranges.push([startByte, endByte]);
    const end = Math.min(endByte + 1, sizeBytes);
    const part = bytes.subarray(startByte, end);
    return {
      status,
      url: new URL('https://example.org/m.gguf'),
      header: (name) => (name === 'content-range' ? `bytes ${startByte}-${end - 1}/${sizeBytes}` : null),
      body: Readable.from([part]),
      failure: AppError.from,
    };
  };
  return { open, ranges };
}

test('a header beyond the first bytes takes larger and larger ranges', async () => {
  const notes = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`general.note${at}`, 'x'.repeat(10_000)]),
  );
  const file = ggufFile({ ...notes, 'general.architecture': 'llama', 'llama.block_count': 32 });
  const { open, ranges } = serving(file);
  const { metadata } = await readHyperparameters(await openRemote(open));
  expect(metadata.get('llama.block_count')).toBe(32);
  expect(ranges.map(([start, end]) => Math.round((end - start) / 65_536)).slice(0, 3)).toEqual([1, 2, 4]);
});

test('a server that sends no parts is told so, and the file is not fetched', async () => {
  const { open } = serving(Buffer.alloc(100), { status: 200 });
  await expect(openRemote(open)).rejects.toMatchObject({ code: 'server-refused' });
});

test('metadata without an end is given up', async () => {
  // An array of 4 million texts, each of 60 kB, as the file says.
  const text = Buffer.concat([u64(60_000), Buffer.alloc(60_000, 'x')]);
  const head = Buffer.concat([
    ...[Buffer.from('GGUF'), u32(3), u64(0), u64(1), u64(1), Buffer.from('a')],
    ...[u32(9), u32(8), u64(4_000_000)],
  ]);
  const { open, ranges } = serving(Buffer.concat([head, ...Array<Buffer>(700).fill(text)]), {
    sizeBytes: 240e9,
  });
  await expect(openRemote(open).then(readHyperparameters)).rejects.toMatchObject({ code: 'model-not-gguf' });
  const fetched = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  expect(fetched).toBeLessThan(70e6);
});
