/** Owns how metadata and the list of tensors are written in GGUF (version 3, little endian; ggml's docs/gguf.md); never writes a file. */
import { tensorBytes } from '../../engine/gguf-types.js';

/** Whole numbers are u32; the arrays keep their kind. */
export type Metadata = Readonly<
  Record<
    string,
    string | number | boolean | { readonly f32: number } | readonly string[] | Int32Array | Float32Array
  >
>;

export type TensorInfo = {
  readonly name: string;
  /** The length of a row first. */
  readonly dimensions: readonly number[];
  /** ggml's number of the type. */
  readonly type: number;
};

const alignment = 32;
/** The numbers of GGUF's value types. */
const types = { i32: 5, u32: 4, f32: 6, bool: 7, text: 8, array: 9 } as const;

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const f32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function value(entry: Metadata[string]): Buffer {
  if (typeof entry === 'string') return Buffer.concat([u32(types.text), text(entry)]);
  if (typeof entry === 'number') return Buffer.concat([u32(types.u32), u32(entry)]);
  if (typeof entry === 'boolean') return Buffer.concat([u32(types.bool), Buffer.from([Number(entry)])]);
  if ('f32' in entry) return Buffer.concat([u32(types.f32), f32(entry.f32)]);
  const array = (type: number, bytes: readonly Uint8Array[]) =>
    Buffer.concat([u32(types.array), u32(type), u64(entry.length), ...bytes]);
  if (entry instanceof Int32Array || entry instanceof Float32Array) {
    const type = entry instanceof Int32Array ? types.i32 : types.f32;
    return array(type, [new Uint8Array(entry.buffer, entry.byteOffset, entry.byteLength)]);
  }
  return array(types.text, entry.map(text));
}

/** Bytes of a tensor's data, without what fills it up. */
export function tensorSizeBytes({ dimensions, type }: TensorInfo): number {
  return tensorBytes(
    type,
    dimensions.reduce((product, size) => product * size, 1),
  );
}

/** Zero bytes that stand behind so many bytes, up to the next border. */
export function padding(sizeBytes: number): Buffer {
  return Buffer.alloc((alignment - (sizeBytes % alignment)) % alignment);
}

/** All that stands before the data of the tensors; each of them follows in order, with its padding. */
export function ggufHeader(metadata: Metadata, tensors: readonly TensorInfo[]): Buffer {
  let offset = 0;
  const infos = tensors.map((tensor) => {
    const { name, dimensions, type } = tensor;
    const info = [text(name), u32(dimensions.length), ...dimensions.map(u64), u32(type), u64(offset)];
    const size = tensorSizeBytes(tensor);
    offset += size + padding(size).length;
    return Buffer.concat(info);
  });
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(Object.keys(metadata).length),
    ...Object.entries(metadata).map(([key, entry]) => Buffer.concat([text(key), value(entry)])),
    ...infos,
  ]);
  return tensors.length === 0 ? head : Buffer.concat([head, padding(head.length)]);
}
