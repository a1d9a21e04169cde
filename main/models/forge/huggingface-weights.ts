/** Owns Hugging Face's names of LLaMA's tensors and its order of rows, as GGUF's; never opens a file. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { toFloats } from './blocks.js';
import type { Checkpoint } from './checkpoint.js';
import type { LlamaConfig } from './llama-config.js';
import { floatTypes, isFloatType, type FloatType, type StoredTensor } from './stored-tensor.js';
import { ggmlTypes, type Weights, type WeightShape } from './weights.js';

/** transformers, modeling_llama.py → llama.cpp, llama-arch.cpp */
const parts: Readonly<Record<string, string>> = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
};
const outer: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
};
/** Computed, not learned; files of 2023 carry them along. */
const computed = /\.rotary_emb\.(inv_freq|cos_cached|sin_cached)$/;

/** The tensors whose rows the rope turns in pairs. */
const turned = /^blk\.\d+\.attn_[qk]\./;

/** GGUF's name for a tensor; null for one that is computed; undefined for one that no LLaMA has. */
function ggufName(name: string): string | null | undefined {
  if (computed.test(name)) return null;
  const [, layer, part, kind] = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer === undefined) return Object.hasOwn(outer, name) ? outer[name] : undefined;
  const known = part !== undefined && Object.hasOwn(parts, part) ? parts[part] : undefined;
  return known === undefined ? undefined : `blk.${layer}.${known}.${kind}`;
}

/** @throws AppError bad-input or model-unsupported when the tensors are not those of the description */
export function huggingFaceWeights(checkpoint: Checkpoint, config: LlamaConfig): Weights {
  const stored = new Map<string, StoredTensor>();
  for (const tensor of checkpoint.tensors.values()) {
    const name = ggufName(tensor.name);
    if (name === undefined) throw unknownTensor(tensor.name);
    // With a shared matrix the last step's is the first step's once more.
    if (name !== null && !(config.tiedOutput && name === 'output.weight')) stored.set(name, tensor);
  }
  const expected = llamaTensors(config);
  const missing = [...expected.keys()].filter((name) => !stored.has(name));
  if (missing.length > 0)
    throw wrongTensors(
      t('{count, plural, one {# tensor is missing} other {# tensors are missing}}, {name} among them', {
        count: missing.length,
        name: missing[0]!,
      }),
    );
  const tensors = new Map(
    [...stored].map(([name, tensor]) => [name, shapeOf(name, tensor, expected.get(name), config)]),
  );
  return {
    tensors,
    heldBytes: 0,
    async rows(name, first, count) {
      const tensor = stored.get(name)!;
      if (!turned.test(name)) return read(tensor, first, count);
      const { headSize } = config;
      if (tensor.shape.length === 1) return pairUp(await read(tensor, 0, 1), headSize, 1);
      const from = Math.floor(first / headSize) * headSize;
      const to = Math.ceil((first + count) / headSize) * headSize;
      const columns = tensor.shape[1]!;
      const paired = pairUp(await read(tensor, from, to - from), headSize, columns);
      return paired.subarray((first - from) * columns, (first - from + count) * columns);
    },
    close: () => checkpoint.close(),
  };
}

/** The matrices and vectors that a model of the description must have, as PyTorch's shapes. */
function llamaTensors(config: LlamaConfig): Map<string, readonly number[]> {
  const { width, feedForward, vocabulary, layers, heads, kvHeads, headSize, tiedOutput } = config;
  const shapes = new Map<string, readonly number[]>([
    ['token_embd.weight', [vocabulary, width]],
    ['output_norm.weight', [width]],
  ]);
  if (!tiedOutput) shapes.set('output.weight', [vocabulary, width]);
  for (let layer = 0; layer < layers; layer++) {
    const add = (part: string, ...shape: number[]) => shapes.set(`blk.${layer}.${part}.weight`, shape);
    add('attn_norm', width);
    add('attn_q', heads * headSize, width);
    add('attn_k', kvHeads * headSize, width);
    add('attn_v', kvHeads * headSize, width);
    add('attn_output', width, heads * headSize);
    add('ffn_norm', width);
    add('ffn_gate', feedForward, width);
    add('ffn_up', feedForward, width);
    add('ffn_down', width, feedForward);
  }
  return shapes;
}

function shapeOf(
  name: string,
  { type, shape }: StoredTensor,
  expected: readonly number[] | undefined,
  config: LlamaConfig,
): WeightShape {
  if (!isFloatType(type)) {
    throw new AppError({
      code: 'model-unsupported',
      message: t('The tensor {name} is of the type {type}, which is not converted here.', { name, type }),
      hint: t('Look for the weights as F32, F16 or BF16.'),
    });
  }
  const layer = Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? 0);
  const isBias = name.endsWith('.bias') && shape.length === 1 && layer < config.layers;
  if (isBias ? false : expected === undefined || expected.join() !== shape.join()) {
    throw wrongTensors(
      expected === undefined
        ? t('{tensor} is {shape}', { tensor: name, shape: `[${shape.join(', ')}]` })
        : t('{tensor} is {shape}, not {expected}', {
            tensor: name,
            shape: `[${shape.join(', ')}]`,
            expected: `[${expected.join(', ')}]`,
          }),
    );
  }
  return { dimensions: [...shape].reverse(), type };
}

async function read(tensor: StoredTensor, first: number, count: number): Promise<Float32Array> {
  const type = tensor.type as FloatType;
  const rowBytes = (tensor.shape.at(-1) ?? 1) * floatTypes[type];
  return toFloats(
    ggmlTypes[type],
    await tensor.file.read(tensor.offset + first * rowBytes, count * rowBytes),
  );
}

/**
 * Hugging Face keeps the two halves of each head one after the other, where the rope of the original and of GGUF turns
 * neighbours: row 2j+s of a head there is row s·(size/2)+j here (transformers, convert_llama_weights_to_hf.py).
 * @param values whole heads
 */
function pairUp(values: Float32Array, headSize: number, columns: number): Float32Array {
  const paired = new Float32Array(values.length);
  const half = headSize / 2;
  for (let to = 0; to * columns < values.length; to++) {
    const within = to % headSize;
    const from = to - within + (within % 2) * half + Math.floor(within / 2);
    paired.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
  }
  return paired;
}

function wrongTensors(why: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('The weights do not fit config.json: {why}.', { why }),
    hint: t('Check that all files of the folder are of the same model.'),
  });
}

function unknownTensor(name: string): AppError {
  return new AppError({
    code: 'model-unsupported',
    message: t('The weights hold {name}, which no LLaMA model has.', { name: name.slice(0, 200) }),
    hint: t('Adapters (LoRA) and models in packed forms such as GPTQ or AWQ can’t be converted here.'),
  });
}
