/** Owns what a tensor in somebody else’s file is: where its values lie and of which type they are; never reads them. */
import type { ExactBytes } from './exact-bytes.js';

/** Bytes of a value of the types that are read; files may hold others, which are refused where they are needed. */
export const floatTypes = { F32: 4, F16: 2, BF16: 2 } as const;
export type FloatType = keyof typeof floatTypes;

export type StoredTensor = {
  readonly name: string;
  /** Of `floatTypes`, or the name that the file gives to another type. */
  readonly type: string;
  /** The outermost dimension first, as PyTorch counts; the values lie without gaps. */
  readonly shape: readonly number[];
  readonly file: ExactBytes;
  /** Where in the file the values begin, in bytes. */
  readonly offset: number;
};

export function isFloatType(type: string): type is FloatType {
  return Object.hasOwn(floatTypes, type);
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether a shape is one that a tensor of a language model can have. */
export function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= 4 &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0) &&
    Number.isSafeInteger(elementsOf(value) * 8)
  );
}
