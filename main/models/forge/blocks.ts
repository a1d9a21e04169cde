/**
 * Owns the values in tensors of ggml's plain types and of its blocks of 32 (ggml-common.h and the reference functions of
 * ggml-quants.c say how they lie): to 32-bit floats and back. Never reads a file.
 */
import { fromBfloat, fromHalf, toBfloat, toHalf } from './half.js';

/** ggml's numbers of the types that can be read here. */
export const ggml = { f32: 0, f16: 1, q4_0: 2, q4_1: 3, q5_0: 6, q5_1: 7, q8_0: 8, bf16: 30 } as const;

const size = 32;
const half = size / 2;
const view = (data: Uint8Array) => new DataView(data.buffer, data.byteOffset, data.byteLength);

type Codec = { readonly blockBytes: number; readonly read: (block: DataView, to: Float32Array) => void };

/** A block of whole numbers of 4 or 5 bits: the first half of its elements in the low halves of the bytes. */
function packed(blockBytes: number, hasMin: boolean, hasFifthBit: boolean): Codec {
  const highAt = hasMin ? 4 : 2;
  const lowAt = highAt + (hasFifthBit ? 4 : 0);
  const middle = hasMin ? 0 : hasFifthBit ? 16 : 8;
  return {
    blockBytes,
    read: (block, to) => {
      const scale = fromHalf(block.getUint16(0, true));
      // Adding -0 changes nothing, not even the sign of a zero.
      const min = hasMin ? fromHalf(block.getUint16(2, true)) : -0;
      const high = hasFifthBit ? block.getUint32(highAt, true) : 0;
      for (let i = 0; i < half; i++) {
        const byte = block.getUint8(lowAt + i);
        const low = (byte & 15) | (((high >>> i) & 1) << 4);
        const upper = (byte >> 4) | (((high >>> (i + half)) & 1) << 4);
        to[i] = (low - middle) * scale + min;
        to[i + half] = (upper - middle) * scale + min;
      }
    },
  };
}

const blocks: Readonly<Record<number, Codec>> = {
  [ggml.q4_0]: packed(18, false, false),
  [ggml.q4_1]: packed(20, true, false),
  [ggml.q5_0]: packed(22, false, true),
  [ggml.q5_1]: packed(24, true, true),
  [ggml.q8_0]: {
    blockBytes: 34,
    read: (block, to) => {
      const scale = fromHalf(block.getUint16(0, true));
      for (let i = 0; i < size; i++) to[i] = block.getInt8(2 + i) * scale;
    },
  },
};

/** @param data whole blocks of the type @throws Error for a type that is not read here */
export function toFloats(type: number, data: Uint8Array): Float32Array {
  switch (type) {
    case ggml.f32:
      return new Float32Array(aligned(data));
    case ggml.f16:
      return widened(data, fromHalf);
    case ggml.bf16:
      return widened(data, fromBfloat);
  }
  const codec = blocks[type];
  if (codec === undefined) throw new Error(`tensors of type ${type} are not read here`);
  const floats = new Float32Array((data.length / codec.blockBytes) * size);
  for (let at = 0, to = 0; to < floats.length; at += codec.blockBytes, to += size) {
    codec.read(view(data.subarray(at, at + codec.blockBytes)), floats.subarray(to, to + size));
  }
  return floats;
}

/** A copy: bytes in a file lie at any place. */
function aligned(data: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(data.length);
  copy.set(data);
  return copy.buffer;
}

// Plain loops: `from` takes ten times as long, and a model has billions of values.
function widened(data: Uint8Array, widen: (bits: number) => number): Float32Array {
  const bits = new Uint16Array(aligned(data));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = widen(bits[i]!);
  return values;
}

function narrowed(values: Float32Array, narrow: (value: number) => number): Uint8Array {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = narrow(values[i]!);
  return new Uint8Array(bits.buffer);
}

/** @param values as many as whole blocks have @throws Error for a type that is not written here */
export function fromFloats(type: number, values: Float32Array): Uint8Array {
  switch (type) {
    case ggml.f32:
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    case ggml.f16:
      return narrowed(values, toHalf);
    case ggml.bf16:
      return narrowed(values, toBfloat);
    case ggml.q4_0:
      return inBlocks(values, 18, quantiseQ40);
    case ggml.q8_0:
      return inBlocks(values, 34, quantiseQ80);
    default:
      throw new Error(`tensors of type ${type} are not written here`);
  }
}

function inBlocks(
  values: Float32Array,
  blockBytes: number,
  write: (from: Float32Array, block: DataView) => void,
): Uint8Array {
  const data = new Uint8Array((values.length / size) * blockBytes);
  for (let from = 0, at = 0; at < data.length; from += size, at += blockBytes) {
    write(values.subarray(from, from + size), view(data.subarray(at, at + blockBytes)));
  }
  return data;
}

/** The value that is farthest from zero becomes -8, which has one step more than 7. */
function quantiseQ40(from: Float32Array, block: DataView): void {
  let farthest = 0;
  for (const value of from) if (Math.abs(value) > Math.abs(farthest)) farthest = value;
  const scale = Math.fround(farthest / -8);
  const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
  const nibble = (value: number) => Math.min(15, Math.trunc(Math.fround(value * inverse) + 8.5));
  block.setUint16(0, toHalf(scale), true);
  for (let i = 0; i < half; i++) block.setUint8(2 + i, nibble(from[i]!) | (nibble(from[i + half]!) << 4));
}

function quantiseQ80(from: Float32Array, block: DataView): void {
  let most = 0;
  for (const value of from) most = Math.max(most, Math.abs(value));
  const scale = Math.fround(most / 127);
  const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
  block.setUint16(0, toHalf(scale), true);
  for (let i = 0; i < size; i++) {
    const value = Math.fround(from[i]! * inverse);
    block.setInt8(2 + i, Math.sign(value) * Math.round(Math.abs(value)));
  }
}
