/** Headers that claim more than any model has, in a file that seems to hold it: each is refused at once. */
import { expect, test } from 'vitest';
import type { ByteSource } from '../../../../main/engine/byte-source.js';
import { readHyperparameters } from '../../../../main/engine/gguf.js';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
};
const text = (value: string) => [u64(BigInt(value.length)), Buffer.from(value)];
const head = (tensors: bigint, keys: bigint) => [Buffer.from('GGUF'), u32(3), u64(tensors), u64(keys)];
/** The types of GGUF. */
const [string, array] = [u32(8), u32(9)];
const nested = (depth: number): Buffer[] =>
  depth === 0 ? [u32(0), u64(0n)] : [array, u64(1n), ...nested(depth - 1)];

const most = 2n ** 64n - 1n;
const hostile: Readonly<Record<string, readonly Buffer[]>> = {
  'more tensors than there are bytes': head(most, 1n),
  'more keys than there are bytes': head(1n, most),
  'counts below zero': head(-1n, -1n),
  'a key of gigabytes': [...head(0n, 1n), u64(3n * 2n ** 30n)],
  'a text of gigabytes': [...head(0n, 1n), ...text('a'), string, u64(3n * 2n ** 30n)],
  'a text below zero': [...head(0n, 1n), ...text('a'), string, u64(-5n)],
  'an array without end': [...head(0n, 1n), ...text('a'), array, u32(0), u64(most)],
  'an array of gigabytes': [...head(0n, 1n), ...text('a'), array, u32(12), u64(2n ** 32n)],
  'arrays within arrays': [...head(0n, 1n), ...text('a'), array, ...nested(1000)],
  'a value of no type': [...head(0n, 1n), ...text('a'), u32(77)],
  'a key twice': [
    ...head(0n, 2n),
    ...text('a'),
    u32(7),
    Buffer.alloc(1),
    ...text('a'),
    u32(7),
    Buffer.alloc(1),
  ],
};

test.each(Object.entries(hostile))('%s is refused', async (_, parts) => {
  const bytes = Buffer.concat(parts);
  let read = 0;
  const source: ByteSource = {
    // It says that it holds all that it claims.
    sizeBytes: 2 ** 52,
    read: async (position, atLeast) => {
      read += atLeast;
      expect(read).toBeLessThan(2 ** 20);
      const window = Buffer.alloc(Math.max(atLeast, 4096));
      bytes.copy(window, 0, Math.min(position, bytes.length));
      return window;
    },
  };
  await expect(readHyperparameters(source)).rejects.toMatchObject({ code: 'model-not-gguf' });
});
