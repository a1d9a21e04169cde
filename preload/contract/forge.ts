/** Owns the records of the forge: what a chosen file is, what can be made of it, and the jobs that make it. */
import { t } from './language.js';
import { z } from 'zod';
import { errorSchema } from './errors.js';
import { quantizations } from './quantizations.js';

const pathSchema = z.string().min(1).max(4096);
/** Of the new file, without folder and ending. */
const nameSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('The new model needs a name.') })
  .max(150, { error: () => t('This name is too long.') });

const quantizationSchema = z.enum(quantizations.map(({ id }) => id));

const baseSchema = z.enum(['llama', 'llama-2']);

/** A GGML file of 2023. */
const legacySourceSchema = z.object({
  kind: z.literal('ggml'),
  path: pathSchema,
  sizeBytes: z.number(),
  /** Files that the model lies in. */
  parts: z.number(),
  container: z.string(),
  quantization: z.string().nullable(),
  /** The quantisation that its weights have in GGUF. */
  becomes: z.string().nullable(),
  isLossy: z.boolean(),
  vocabulary: z.number(),
  parameters: z.number(),
  layers: z.number(),
  /** Proposed for the new file. */
  name: z.string(),
  base: baseSchema,
  /** The template that its name calls for, and why. */
  family: z.object({ id: z.string(), reason: z.string() }).nullable(),
  notes: z.array(z.string()),
});

/** Weights as they were released: whole, as a difference to a base model, or XORed with the files of one. */
export const originalSourceSchema = z.object({
  kind: z.literal('original'),
  /** A folder. */
  path: pathSchema,
  /** A folder or a GGUF file; null for whole weights. */
  base: pathSchema.nullable(),
  form: z.enum(['whole', 'difference', 'xor']),
  /** Of all weights that are read, those of the base too. */
  sizeBytes: z.number(),
  /** The type of the weights. */
  weights: z.enum(['F32', 'F16', 'BF16']),
  parameters: z.number(),
  layers: z.number(),
  vocabulary: z.number(),
  trainedContext: z.number(),
  /** Files whose sums are compared with those that the release gives. */
  checkedFiles: z.number(),
  /** What the work takes at most. */
  memoryBytes: z.number(),
  /** Proposed for the new file. */
  name: z.string(),
  notes: z.array(z.string()),
});

/** A model that could be quantised. */
const ggufSourceSchema = z.object({
  kind: z.literal('gguf'),
  path: pathSchema,
  sizeBytes: z.number(),
  quantization: z.string().nullable(),
  isLossy: z.boolean(),
  parameters: z.number(),
  name: z.string(),
});

/** A choice of released weights, as above. */
export const originalSchema = z.object({ path: pathSchema, base: pathSchema.nullable() });

/** What a chosen file is. */
export const forgeSourceSchema = z.discriminatedUnion('kind', [legacySourceSchema, ggufSourceSchema]);

export const forgeTaskSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('import-ggml'),
    path: pathSchema,
    name: nameSchema,
    base: baseSchema,
    template: z.string().nullable(),
    /** Null: as the weights are. */
    quantization: quantizationSchema.nullable(),
  }),
  z.object({
    kind: z.literal('quantize'),
    path: pathSchema,
    name: nameSchema,
    quantization: quantizationSchema,
    /** Also weights that have lost something already. */
    requantize: z.boolean(),
    /** Whether a short text is measured before and after. */
    compare: z.boolean(),
  }),
  originalSchema.extend({
    kind: z.literal('recover'),
    name: nameSchema,
    /** Null: as the weights are. */
    quantization: quantizationSchema.nullable(),
  }),
]);

const forgeResultSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  /** Of all that it was made of. */
  sourceBytes: z.number(),
  /** Perplexity of a short text; null where it was not measured. */
  perplexity: z.object({ before: z.number(), after: z.number() }).nullable(),
  notes: z.array(z.string()),
});

export const forgeJobSchema = z.object({
  id: z.string(),
  task: forgeTaskSchema,
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** What it is at, for people, and how far it is with that (0 to 1). */
  step: z.string(),
  progress: z.number(),
  result: forgeResultSchema.nullable(),
  error: errorSchema.nullable(),
});

/** Main tells the forge’s process. */
export const forgeRequestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), task: forgeTaskSchema, outputPath: z.string() }),
  z.object({ type: z.literal('cancel') }),
]);

/** The forge’s process tells main; after `done` or `failed` it has nothing more to say. */
export const forgeMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), step: z.string(), progress: z.number() }),
  z.object({ type: z.literal('done'), result: forgeResultSchema }),
  z.object({ type: z.literal('failed'), error: errorSchema }),
]);

export type LegacySource = z.infer<typeof legacySourceSchema>;
export type OriginalSource = z.infer<typeof originalSourceSchema>;
export type GgufSource = z.infer<typeof ggufSourceSchema>;
export type ForgeSource = z.infer<typeof forgeSourceSchema>;
export type ForgeTask = z.infer<typeof forgeTaskSchema>;
export type ForgeResult = z.infer<typeof forgeResultSchema>;
export type ForgeJob = z.infer<typeof forgeJobSchema>;
export type ForgeRequest = z.infer<typeof forgeRequestSchema>;
export type ForgeMessage = z.infer<typeof forgeMessageSchema>;
