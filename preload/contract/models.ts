/** Owns the records of the loaded model and of the engine's state. */
import { z } from 'zod';
import { errorSchema } from './errors.js';
import { memoryUseSchema } from './fit.js';
import { serverKinds } from './server-kinds.js';

export const templateChoiceSchema = z.object({
  id: z.string(),
  label: z.string(),
});

/** What tells a file from others without reading all of it; see main/engine/file-identity.ts. */
export const fileIdentitySchema = z.object({ sizeBytes: z.number().int(), hash: z.string() });

/** What is loaded, as the engine found it. */
export const loadedModelSchema = z.object({
  path: z.string(),
  name: z.string(),
  contextSize: z.number().int(),
  threads: z.number().int(),
  /** Kind of GPU, or null on the CPU. */
  gpu: z.string().nullable(),
  template: templateChoiceSchema,
  /** Why this template was chosen, in words. */
  templateReason: z.string(),
  identity: fileIdentitySchema,
  memory: memoryUseSchema,
  /** Bytes of the GPU's memory that are free beside this model; null on the CPU. */
  freeVramBytes: z.number().nullable(),
  /** Releases of llama.cpp and of its binding. */
  engine: z.string(),
  /** Why it may be wrong for this model, in words; absent when nothing speaks against it. */
  templateWarning: z.string().optional(),
  /** Where it is a model on a server, which has none of the file, the memory and the threads above. */
  remote: z
    .object({
      host: z.string(),
      kind: z.enum(serverKinds),
      /** Text by our template, or messages that the server writes by its own. */
      sends: z.enum(['text', 'messages']),
      /** Who said how large the context is. */
      contextFrom: z.enum(['server', 'given', 'assumed']),
    })
    .optional(),
  /** The draft model that was asked for, and why it is not in use; null where it is. */
  draft: z.object({ name: z.string(), problem: z.string().nullable() }).optional(),
});

/** The state of the engine as the page shows it. */
export const engineStatusSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({
    state: z.literal('loading'),
    path: z.string(),
    name: z.string(),
    progress: z.number(),
    /** Set while a load that failed is tried with lower settings: what is tried, and why. */
    note: z.string().nullable(),
  }),
  z.object({
    state: z.literal('ready'),
    ...loadedModelSchema.shape,
    /** Set when the model is loaded with lower settings than wanted: which, and why. */
    note: z.string().nullable(),
  }),
  /** Unloaded after so many minutes without use, null = to make room; the next reply loads it again. */
  z.object({
    state: z.literal('resting'),
    path: z.string(),
    name: z.string(),
    minutes: z.number().nullable(),
  }),
  z.object({
    state: z.literal('failed'),
    path: z.string().nullable(),
    name: z.string().nullable(),
    error: errorSchema,
  }),
]);

export type FileIdentity = z.infer<typeof fileIdentitySchema>;
export type TemplateChoice = z.infer<typeof templateChoiceSchema>;
export type LoadedModel = z.infer<typeof loadedModelSchema>;
export type EngineStatus = z.infer<typeof engineStatusSchema>;
