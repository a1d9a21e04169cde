/** Owns turning weights into the tensors of a GGUF file, piece by piece; never knows where the weights come from. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { fromFloats, ggml } from './blocks.js';
import { tensorSizeBytes, type Metadata } from './gguf-header.js';
import type { TensorSource } from './gguf-writer.js';
import { columnsOf, rowsOf, type Weights } from './weights.js';

/** What a tensor is written as without llama.cpp's help. */
export const directTypes = ['F32', 'F16', 'BF16', 'Q8_0'] as const;
export type WeightType = (typeof directTypes)[number];

/** ggml's number for the matrices, and llama.h's `LLAMA_FTYPE_…` for the file. */
const types: Readonly<Record<WeightType, { readonly tensor: number; readonly file: number }>> = {
  F32: { tensor: ggml.f32, file: 0 },
  F16: { tensor: ggml.f16, file: 1 },
  BF16: { tensor: ggml.bf16, file: 32 },
  Q8_0: { tensor: ggml.q8_0, file: 7 },
};
const q8Block = 32;
/** Above it there is no half-precision number. */
const largestHalf = 65_504;
/** Values in memory at once, in each of the few forms that they pass through. */
const pieceValues = 2 ** 20;

/** What a conversion takes at most beside what must be held, whatever the size of the model; measured with a difference. */
export const memoryBytes = 100e6;

/** What the header says of the type. */
export function typeMetadata(type: WeightType): Metadata {
  return {
    'general.file_type': types[type].file,
    ...(type === 'Q8_0' ? { 'general.quantization_version': 2 } : {}),
  };
}

/**
 * The tensors of a file: matrices of the type, vectors as F32.
 * @param onSum told the sum of all values when the last one was read; what it throws stops the writing
 */
export function convertedTensors(
  weights: Weights,
  type: WeightType,
  onSum: (sum: number) => void = () => undefined,
): TensorSource[] {
  let sum = 0;
  const names = [...weights.tensors.keys()];
  const last = names.at(-1);
  return names.map((name) => {
    const shape = weights.tensors.get(name)!;
    const columns = columnsOf(shape);
    const rows = rowsOf(shape);
    const tensorType = typeOf(type, shape.dimensions);
    return {
      ...{ name, dimensions: shape.dimensions, type: tensorType },
      async *data() {
        const step = Math.max(1, Math.floor(pieceValues / columns));
        for (let first = 0; first < rows; first += step) {
          const values = await weights.rows(name, first, Math.min(step, rows - first));
          sum += checkedSum(name, values, tensorType);
          yield fromFloats(tensorType, values);
        }
        if (name === last) onSum(sum);
      },
    };
  });
}

/** Bytes of all tensors in a type. */
export function convertedBytes(weights: Weights, type: WeightType): number {
  return convertedTensors(weights, type).reduce((sum, tensor) => sum + tensorSizeBytes(tensor), 0);
}

function typeOf(type: WeightType, dimensions: readonly number[]): number {
  if (dimensions.length === 1) return ggml.f32;
  const whole = type !== 'Q8_0' || dimensions[0]! % q8Block === 0;
  return whole ? types[type].tensor : ggml.f16;
}

function checkedSum(name: string, values: Float32Array, type: number): number {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    sum += value;
    if (value > most) most = value;
    else if (-value > most) most = -value;
  }
  if (!Number.isFinite(sum)) {
    throw new AppError({
      code: 'bad-input',
      message: t('The tensor {name} holds values that are no numbers.', { name }),
      hint: t('A file is damaged, or this is not the base that the difference was made from.'),
    });
  }
  if (most > largestHalf && type !== ggml.f32 && type !== ggml.bf16) {
    throw new AppError({
      code: 'bad-input',
      message: t('The tensor {name} holds values too large for 16-bit floats.', { name }),
      hint: t('Convert to BF16 or F32 instead.'),
    });
  }
  return sum;
}
