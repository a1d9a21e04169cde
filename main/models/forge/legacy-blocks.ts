/**
 * Owns how quantised weights lay in GGML files of 2023, and bringing them into today's order (llama.cpp, pull requests 1405
 * and 1508): the whole numbers stay as they are, scales of 32 bits become 16. Never reads a file.
 */
import { fromFloats, ggml } from './blocks.js';
import { fromHalf, toHalf } from './half.js';
import { blockElements, tensorBytes } from '../../engine/gguf-types.js';

/**
 * `pairs`: neighbours share a byte, scales of 4-bit types have 32 bits (up to ggjt v1). `wide`: today's order, with scales
 * of 32 bits (ggjt v2). `current`: as today (ggjt v3).
 */
export type Era = 'pairs' | 'wide' | 'current';

export type Layout = {
  readonly blockElements: number;
  readonly blockBytes: number;
  /** ggml's number of the type that it becomes. */
  readonly becomes: number;
  /** Whole blocks into those of the new type; null where they are the same. */
  readonly convert: ((data: Buffer) => Uint8Array) | null;
};

/** The types of ggjt v1 that were given up: blocks of 16. */
export const removed = { q4_2: 4, q4_3: 5 } as const;

const currentTypes: ReadonlySet<number> = new Set([0, 1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14]);
const half = 16;

/** How a type lies in a file of an era; null for what such files don't have. */
export function layoutOf(era: Era, type: number): Layout | null {
  if (type <= ggml.f16 || (era === 'current' && currentTypes.has(type))) return asIs(type);
  if (era === 'current') return null;
  const ordered = era === 'pairs' ? inOrder : (numbers: Buffer) => numbers;
  const known: Readonly<Record<number, Layout>> = {
    [ggml.q4_0]: narrowed(ggml.q4_0, 1, half, ordered),
    [ggml.q4_1]: narrowed(ggml.q4_1, 2, half, ordered),
    [ggml.q8_0]: narrowed(ggml.q8_0, 1, 2 * half, (numbers) => numbers),
    [ggml.q5_0]: era === 'wide' ? asIs(ggml.q5_0) : reordered(ggml.q5_0, 6),
    [ggml.q5_1]: era === 'wide' ? asIs(ggml.q5_1) : reordered(ggml.q5_1, 8),
    ...(era === 'wide' ? {} : { [removed.q4_2]: blocksOf16(false), [removed.q4_3]: blocksOf16(true) }),
  };
  return known[type] ?? null;
}

function asIs(type: number): Layout {
  const elements = blockElements(type);
  return {
    blockElements: elements,
    blockBytes: tensorBytes(type, elements),
    becomes: type,
    convert: null,
  };
}

/** The bytes of 32 numbers of 4 bits: from pairs of neighbours to the first half in the low bits, the second in the high. */
function inOrder(pairs: Buffer): Buffer {
  const at = (index: number) => (pairs[index >> 1]! >> (index % 2 === 0 ? 0 : 4)) & 15;
  const halves = Buffer.alloc(half);
  for (let i = 0; i < half; i++) halves[i] = at(i) | (at(i + half) << 4);
  return halves;
}

/** @param scales 32-bit floats before the numbers */
function narrowed(
  type: number,
  scales: number,
  numberBytes: number,
  ordered: (numbers: Buffer) => Buffer,
): Layout {
  return perBlock(type, 4 * scales + numberBytes, (from, to) => {
    for (let i = 0; i < scales; i++) to.writeUInt16LE(toHalf(from.readFloatLE(4 * i)), 2 * i);
    ordered(from.subarray(4 * scales)).copy(to, 2 * scales);
  });
}

/** @param headBytes what stands before the low bits of the numbers, and stays */
function reordered(type: number, headBytes: number): Layout {
  return perBlock(type, headBytes + half, (from, to) => {
    from.copy(to, 0, 0, headBytes);
    inOrder(from.subarray(headBytes)).copy(to, headBytes);
  });
}

function perBlock(type: number, blockBytes: number, move: (from: Buffer, to: Buffer) => void): Layout {
  const { blockElements: elements, blockBytes: newBytes } = asIs(type);
  return {
    ...{ blockElements: elements, blockBytes, becomes: type },
    convert: (data) => {
      const blocks = data.length / blockBytes;
      const moved = Buffer.alloc(blocks * newBytes);
      for (let i = 0; i < blocks; i++) {
        move(
          data.subarray(i * blockBytes, (i + 1) * blockBytes),
          moved.subarray(i * newBytes, (i + 1) * newBytes),
        );
      }
      return moved;
    },
  };
}

/** No type of today holds 16 numbers of 4 bits with a scale of their own: 8 bits lose next to nothing of them. */
function blocksOf16(hasMin: boolean): Layout {
  const headBytes = hasMin ? 4 : 2;
  const blockBytes = headBytes + half / 2;
  return {
    // Two of them make a block of today's.
    ...{ blockElements: 2 * half, blockBytes: 2 * blockBytes, becomes: ggml.q8_0 },
    convert: (data) => {
      const values = new Float32Array((data.length / blockBytes) * half);
      for (let at = 0, to = 0; at < data.length; at += blockBytes, to += half) {
        const scale = fromHalf(data.readUInt16LE(at));
        const min = hasMin ? fromHalf(data.readUInt16LE(at + 2)) : -8 * scale;
        for (let i = 0; i < half; i++) {
          const number = (data[at + headBytes + (i >> 1)]! >> (i % 2 === 0 ? 0 : 4)) & 15;
          values[to + i] = number * scale + min;
        }
      }
      return fromFloats(ggml.q8_0, values);
    },
  };
}
