/** Owns EasyLM's names of LLaMA's tensors and its order of values, as GGUF's; never opens a file. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { toFloats } from './blocks.js';
import type { ExactBytes } from './exact-bytes.js';
import { readEasyLm } from './easylm-file.js';
import { elementsOf, floatTypes, isFloatType, type FloatType, type StoredTensor } from './stored-tensor.js';
import { ggmlTypes, type Weights, type WeightShape } from './weights.js';

/** EasyLM, convert_torch_to_easylm.py: Meta's names and order of rows, which are GGUF's too. */
const parts: Readonly<Record<string, string>> = {
  'attention.wq': 'attn_q',
  'attention.wk': 'attn_k',
  'attention.wv': 'attn_v',
  'attention.wo': 'attn_output',
  'feed_forward.w1': 'ffn_gate',
  'feed_forward.w2': 'ffn_down',
  'feed_forward.w3': 'ffn_up',
  attention_norm: 'attn_norm',
  ffn_norm: 'ffn_norm',
};
const outer: Readonly<Record<string, string>> = {
  'transformer.wte.embedding': 'token_embd.weight',
  'transformer.ln_f.kernel': 'output_norm.weight',
  'lm_head.kernel': 'output.weight',
};

/** @throws AppError bad-input or model-unsupported for what is no LLaMA */
export async function openEasyLmWeights(file: ExactBytes): Promise<Weights> {
  const stored = new Map<string, StoredTensor>();
  const tensors = new Map<string, WeightShape>();
  for (const tensor of await readEasyLm(file)) {
    const name = ggufName(tensor.name);
    if (name === null || !isFloatType(tensor.type)) throw unknownTensor(tensor);
    stored.set(name, tensor);
    const isTurned = turned(name, tensor);
    tensors.set(name, {
      dimensions: isTurned ? tensor.shape : [...tensor.shape].reverse(),
      type: tensor.type,
    });
  }
  // A column is a row here, and lies in all parts of the tensor: one tensor is kept whole.
  let whole: { readonly name: string; readonly bytes: Buffer } | null = null;
  const load = async (name: string, tensor: StoredTensor) => {
    if (whole?.name !== name) whole = { name, bytes: await file.read(tensor.offset, bytesOf(tensor)) };
    return whole.bytes;
  };
  return {
    tensors,
    heldBytes: Math.max(
      0,
      ...[...stored].map(([name, tensor]) => (turned(name, tensor) ? bytesOf(tensor) : 0)),
    ),
    async rows(name, first, count) {
      const tensor = stored.get(name)!;
      const type = tensor.type as FloatType;
      const columns = tensors.get(name)!.dimensions[0]!;
      if (turned(name, tensor)) return turnedRows(await load(name, tensor), type, tensor.shape, first, count);
      const rowBytes = columns * floatTypes[type];
      return toFloats(ggmlTypes[type], await file.read(tensor.offset + first * rowBytes, count * rowBytes));
    },
    close: () => file.close(),
  };
}

function bytesOf({ shape, type }: StoredTensor): number {
  return elementsOf(shape) * floatTypes[type as FloatType];
}

/** Matrices are kept with a column for each row of GGUF, but for the embeddings. */
function turned(name: string, { shape }: StoredTensor): boolean {
  return shape.length === 2 && name !== 'token_embd.weight';
}

function turnedRows(
  bytes: Buffer,
  type: FloatType,
  shape: readonly number[],
  first: number,
  count: number,
): Float32Array {
  const [rows, columns] = shape as [number, number];
  const size = floatTypes[type];
  const picked = Buffer.allocUnsafe(rows * count * size);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < count; column++) {
      const from = (row * columns + first + column) * size;
      const to = (column * rows + row) * size;
      for (let byte = 0; byte < size; byte++) picked[to + byte] = bytes[from + byte]!;
    }
  }
  return toFloats(ggmlTypes[type], picked);
}

function ggufName(name: string): string | null {
  const [, layer, part] = /^transformer\.h\.(\d+)\.(.+)\.kernel$/.exec(name) ?? [];
  if (layer === undefined) return Object.hasOwn(outer, name) ? outer[name]! : null;
  return part !== undefined && Object.hasOwn(parts, part) ? `blk.${layer}.${parts[part]}.weight` : null;
}

function unknownTensor({ name, type }: StoredTensor): AppError {
  return new AppError({
    code: 'model-unsupported',
    message: t('This checkpoint holds {name} of the type {type}, which no LLaMA model has.', {
      name: name.slice(0, 200),
      type: type.slice(0, 50),
    }),
    hint: t('Choose the weights that Koala’s authors released.'),
  });
}
