/** Owns what config.json says of a LLaMA model (transformers, configuration_llama.py) and its place in GGUF; reads no weights. */
import { t } from '../../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile } from './exact-bytes.js';
import type { Metadata } from './gguf-header.js';

const count = z
  .int()
  .positive()
  .max(2 ** 31);
const ropeSchema = z.looseObject({
  rope_type: z.string().optional(),
  /** The older name. */
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: count.optional(),
});

const configSchema = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  model_type: z.string().optional(),
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count.max(512),
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  hidden_act: z.string().default('silu'),
  rms_norm_eps: z.number().positive().default(1e-6),
  vocab_size: count,
  max_position_embeddings: count.optional(),
  /** The older name. */
  max_sequence_length: count.optional(),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeSchema.nullish(),
  /** Both of the above in one, since transformers 5. */
  rope_parameters: ropeSchema.nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  bos_token_id: z.unknown().optional(),
  eos_token_id: z.unknown().optional(),
  pad_token_id: z.unknown().optional(),
});

export type LlamaConfig = {
  readonly layers: number;
  readonly width: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly normEpsilon: number;
  readonly ropeBase: number;
  readonly ropeScaling: RopeScaling;
  readonly tiedOutput: boolean;
  /** As config.json gives them, which is not always right. */
  readonly tokenIds: Readonly<Record<'bos' | 'eos' | 'pad', number | null>>;
};

type RopeScaling =
  | { readonly type: 'none' }
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly trainedContext: number;
    };

/** What the first models were trained for, whose files say nothing of it. */
const defaultContext = 2048;

/** @throws AppError bad-input for a broken file, model-unsupported for a model that is no LLaMA */
export function readLlamaConfig(content: unknown): LlamaConfig {
  checkArchitecture(content);
  const parsed = configSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw brokenFile('config.json', t('its {field} makes no sense', { field: issue?.path.join('.') ?? '' }));
  }
  const config = parsed.data;
  if (config.hidden_act !== 'silu')
    throw unsupported(t('its activation is {name}, not silu', { name: config.hidden_act }));
  const heads = config.num_attention_heads;
  const kvHeads = config.num_key_value_heads ?? heads;
  const headSize = config.head_dim ?? config.hidden_size / heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0 || heads % kvHeads !== 0) {
    throw brokenFile('config.json', t('its numbers of heads do not fit its width'));
  }
  const rope = config.rope_parameters ?? config.rope_scaling ?? {};
  const id = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
  return {
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    feedForward: config.intermediate_size,
    heads,
    kvHeads,
    headSize,
    vocabulary: config.vocab_size,
    context: config.max_position_embeddings ?? config.max_sequence_length ?? defaultContext,
    normEpsilon: config.rms_norm_eps,
    ropeBase: config.rope_theta ?? rope.rope_theta ?? 10_000,
    ropeScaling: ropeScaling(rope),
    tiedOutput: config.tie_word_embeddings ?? false,
    tokenIds: { bos: id(config.bos_token_id), eos: id(config.eos_token_id), pad: id(config.pad_token_id) },
  };
}

/** Early conversions spell it LLaMAForCausalLM. */
function checkArchitecture(content: unknown): void {
  const parsed = z
    .looseObject({ architectures: z.array(z.string()).nullish(), model_type: z.unknown().optional() })
    .safeParse(content);
  if (!parsed.success) throw brokenFile('config.json', t('it does not describe a model'));
  const name = parsed.data.architectures?.[0] ?? parsed.data.model_type;
  if (typeof name !== 'string' || !['llamaforcausallm', 'llama'].includes(name.toLowerCase())) {
    throw unsupported(
      typeof name === 'string'
        ? t('it is of the kind {kind}', { kind: name })
        : t('it is of an unknown kind'),
    );
  }
}

function ropeScaling(rope: z.infer<typeof ropeSchema>): RopeScaling {
  const type = rope.rope_type ?? rope.type ?? 'default';
  switch (type) {
    case 'default':
      return { type: 'none' };
    case 'linear':
      return { type, factor: rope.factor ?? 1 };
    case 'llama3':
      return {
        type,
        factor: rope.factor ?? 8,
        lowFrequencyFactor: rope.low_freq_factor ?? 1,
        highFrequencyFactor: rope.high_freq_factor ?? 4,
        trainedContext: rope.original_max_position_embeddings ?? 8192,
      };
    default:
      throw unsupported(t('its context is stretched in the way “{type}”', { type }));
  }
}

/**
 * The factors by which llama.cpp divides the frequencies of the rope, or null where none are needed
 * (transformers, modeling_rope_utils.py, the llama3 kind).
 */
export function ropeFactors({ ropeScaling: scaling, ropeBase, headSize }: LlamaConfig): Float32Array | null {
  if (scaling.type !== 'llama3') return null;
  const { factor, lowFrequencyFactor, highFrequencyFactor, trainedContext } = scaling;
  return Float32Array.from({ length: headSize / 2 }, (_, pair) => {
    const wavelength = 2 * Math.PI * ropeBase ** ((2 * pair) / headSize);
    if (wavelength < trainedContext / highFrequencyFactor) return 1;
    if (wavelength > trainedContext / lowFrequencyFactor) return factor;
    const smooth =
      (trainedContext / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

/** What the frequencies of the rope of all layers add up to. */
export function ropeSum({ ropeBase, headSize, layers }: LlamaConfig): number {
  let sum = 0;
  for (let pair = 0; pair < headSize / 2; pair++) sum += ropeBase ** ((-2 * pair) / headSize);
  return layers * sum;
}

/** The description of the model, without its name and its vocabulary (keys: ggml's docs/gguf.md). */
export function llamaMetadata(config: LlamaConfig): Metadata {
  return {
    'general.architecture': 'llama',
    'llama.context_length': config.context,
    'llama.embedding_length': config.width,
    'llama.block_count': config.layers,
    'llama.feed_forward_length': config.feedForward,
    'llama.attention.head_count': config.heads,
    'llama.attention.head_count_kv': config.kvHeads,
    'llama.attention.key_length': config.headSize,
    'llama.attention.value_length': config.headSize,
    'llama.attention.layer_norm_rms_epsilon': { f32: config.normEpsilon },
    'llama.rope.dimension_count': config.headSize,
    'llama.rope.freq_base': { f32: config.ropeBase },
    ...(config.ropeScaling.type === 'linear'
      ? {
          'llama.rope.scaling.type': 'linear',
          'llama.rope.scaling.factor': { f32: config.ropeScaling.factor },
        }
      : {}),
    'llama.vocab_size': config.vocabulary,
  };
}

function unsupported(why: string): AppError {
  return new AppError({
    code: 'model-unsupported',
    message: t('This model can’t be made into GGUF here: {why}.', { why }),
    hint: t('Only models of the LLaMA kind are converted. Look for a GGUF version of it.'),
  });
}
