/** Owns what weights are to the forge: tensors under GGUF's names and in its order of rows, read as floats; never their origin. */
import { ggml } from './blocks.js';
import { elementsOf, floatTypes, type FloatType } from './stored-tensor.js';

export type WeightShape = {
  /** The length of a row first; a vector has one dimension. */
  readonly dimensions: readonly number[];
  readonly type: FloatType;
};

export type Weights = {
  readonly tensors: ReadonlyMap<string, WeightShape>;
  /** Bytes of the file that must stay in memory while rows are read. */
  readonly heldBytes: number;
  /** The values of so many rows from one on; a vector is one row. */
  rows(tensor: string, first: number, count: number): Promise<Float32Array>;
  close(): Promise<void>;
};

export function rowsOf({ dimensions }: WeightShape): number {
  return dimensions[1] ?? 1;
}

export function columnsOf({ dimensions }: WeightShape): number {
  return dimensions[0] ?? 1;
}

export function parametersOf({ tensors }: Pick<Weights, 'tensors'>): number {
  return [...tensors.values()].reduce((sum, { dimensions }) => sum + elementsOf(dimensions), 0);
}

/** Bytes of all tensors as they are stored. */
export function storedBytes({ tensors }: Pick<Weights, 'tensors'>): number {
  return [...tensors.values()].reduce(
    (sum, { dimensions, type }) => sum + elementsOf(dimensions) * floatTypes[type],
    0,
  );
}

/** ggml's numbers of the types. */
export const ggmlTypes = { F32: ggml.f32, F16: ggml.f16, BF16: ggml.bf16 } as const;
