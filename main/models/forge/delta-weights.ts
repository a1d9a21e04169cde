/** Owns adding a released difference to its base model, element by element; never opens a file. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { fromHalf, toHalf } from './half.js';
import { columnsOf, rowsOf, type Weights, type WeightShape } from './weights.js';

/** The matrices with a row for each token: a fine-tune may have added some. */
const perToken: ReadonlySet<string> = new Set(['token_embd.weight', 'output.weight']);
/** Values that are read at once for a mean. */
const meanChunkValues = 2 ** 21;

/**
 * The weights base + delta. Where the delta has tokens that the base lacks, their rows stand in the base as the tool of
 * the release puts them there: releases in F16 zeros (FastChat up to 0.1.10, apply_delta.py), releases in F32 the mean
 * of all rows (stanford_alpaca, train.py). Where both are F16, the sum is rounded to F16, as those tools do.
 * @throws AppError bad-input when the base is of another shape, or has tensors that the delta lacks
 */
export function deltaWeights(base: Weights, delta: Weights): Weights {
  checkComplete(base, delta);
  for (const [name, shape] of delta.tensors) checkShapes(name, base.tensors.get(name), shape);
  const means = new Map<string, Promise<Float32Array>>();
  const meanOf = (name: string) => {
    const mean = means.get(name) ?? meanRow(base, name);
    means.set(name, mean);
    return mean;
  };
  return {
    tensors: delta.tensors,
    heldBytes: base.heldBytes + delta.heldBytes,
    async rows(name, first, count) {
      const sum = await delta.rows(name, first, count);
      const shape = delta.tensors.get(name)!;
      const baseShape = base.tensors.get(name)!;
      const columns = columnsOf(shape);
      const shared = Math.max(0, Math.min(count, rowsOf(baseShape) - first));
      if (shared > 0) add(sum, await base.rows(name, first, shared), 0);
      if (shared < count && shape.type === 'F32') {
        const mean = await meanOf(name);
        for (let row = shared; row < count; row++) add(sum, mean, row * columns);
      }
      if (shape.type === 'F16' && baseShape.type === 'F16') roundToHalf(sum);
      return sum;
    },
    async close() {
      await Promise.all([base.close(), delta.close()]);
    },
  };
}

function checkComplete(base: Weights, delta: Weights): void {
  // GGUF files may carry the factors of their rope, which are no weights.
  const missing = [...base.tensors.keys()].filter(
    (name) => !delta.tensors.has(name) && name !== 'rope_freqs.weight',
  );
  if (missing.length === 0) return;
  throw new AppError({
    code: 'bad-input',
    message: t('The difference lacks {count} of the base’s tensors, {name} among them.', {
      count: missing.length,
      name: missing[0]!,
    }),
    hint: t('Download it again, or choose the base that it was made from.'),
  });
}

function checkShapes(name: string, base: WeightShape | undefined, delta: WeightShape): void {
  const fits =
    base !== undefined &&
    columnsOf(base) === columnsOf(delta) &&
    (perToken.has(name) ? rowsOf(base) <= rowsOf(delta) : rowsOf(base) === rowsOf(delta));
  if (fits) return;
  const shape = delta.dimensions.join(' × ');
  throw new AppError({
    code: 'bad-input',
    message:
      base === undefined
        ? t(
            'This is not the base of the difference: {name} is {shape} in the difference, and the base has no such tensor.',
            { name, shape },
          )
        : t(
            'This is not the base of the difference: {name} is {shape} in the difference, and the base has {baseShape}.',
            { name, shape, baseShape: base.dimensions.join(' × ') },
          ),
    hint: t('Choose the base model of the same size, for instance LLaMA 7B for a difference of 7B.'),
  });
}

function add(sum: Float32Array, values: Float32Array, at: number): void {
  for (let index = 0; index < values.length; index++) sum[at + index]! += values[index]!;
}

function roundToHalf(values: Float32Array): void {
  for (let index = 0; index < values.length; index++) values[index] = fromHalf(toHalf(values[index]!));
}

async function meanRow(weights: Weights, name: string): Promise<Float32Array> {
  const shape = weights.tensors.get(name)!;
  const columns = columnsOf(shape);
  const rows = rowsOf(shape);
  const step = Math.max(1, Math.floor(meanChunkValues / columns));
  const sums = new Float64Array(columns);
  for (let first = 0; first < rows; first += step) {
    const values = await weights.rows(name, first, Math.min(step, rows - first));
    for (let index = 0; index < values.length; index++) sums[index % columns]! += values[index]!;
  }
  return Float32Array.from(sums, (sum) => sum / rows);
}
