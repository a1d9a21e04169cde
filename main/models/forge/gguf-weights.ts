/** Owns reading the weights of a GGUF file whose values are not quantised; never loads a model. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { readGguf } from '../../engine/gguf.js';
import { toFloats } from './blocks.js';
import { openBytes } from './exact-bytes.js';
import { floatTypes, type FloatType } from './stored-tensor.js';
import { columnsOf, ggmlTypes, type Weights, type WeightShape } from './weights.js';

/** @throws AppError as `readGguf`, and model-unsupported for a quantised file */
export async function openGgufWeights(path: string): Promise<Weights> {
  const header = await readGguf(path);
  const tensors = new Map<string, WeightShape>();
  for (const [name, dimensions] of header.tensors) {
    const { type: number } = header.places.get(name)!;
    const type = floatTypeOf(number);
    if (type === null) throw quantised(name);
    tensors.set(name, { dimensions, type });
  }
  const file = await openBytes(path);
  return {
    tensors,
    heldBytes: 0,
    async rows(name, first, count) {
      const shape = tensors.get(name)!;
      const rowBytes = columnsOf(shape) * floatTypes[shape.type];
      const start = header.places.get(name)!.offset + first * rowBytes;
      return toFloats(ggmlTypes[shape.type], await file.read(start, count * rowBytes));
    },
    close: () => file.close(),
  };
}

function floatTypeOf(number: number): FloatType | null {
  const entries = Object.entries(ggmlTypes) as [FloatType, number][];
  return entries.find(([, type]) => type === number)?.[0] ?? null;
}

function quantised(tensor: string): AppError {
  return new AppError({
    code: 'model-unsupported',
    message: t('The base model is quantised ({tensor} is), so the difference can’t be added to it exactly.', {
      tensor,
    }),
    hint: t('Choose the base as F16 or F32, or as the folder of its original files.'),
  });
}
