/** Owns the records of model files on this machine and of the loaded model. */
import { z } from 'zod';

export const modelFileSchema = z.object({
  path: z.string(),
  /** Name shown: the file's own `general.name`, else its file name. */
  name: z.string(),
  sizeBytes: z.number().int(),
  architecture: z.string().nullable(),
  quantization: z.string().nullable(),
  trainedContext: z.number().int().nullable(),
  /** Why the file can't be used; null when it looks sound. */
  problem: z.string().nullable(),
});

export const templateChoiceSchema = z.object({
  id: z.string(),
  label: z.string(),
});

/** The state of the engine as the page shows it. */
export const engineStatusSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('loading'), path: z.string(), name: z.string(), progress: z.number() }),
  z.object({
    state: z.literal('ready'),
    path: z.string(),
    name: z.string(),
    contextSize: z.number().int(),
    threads: z.number().int(),
    gpu: z.string().nullable(),
    template: templateChoiceSchema,
    /** Why this template was chosen, in words. */
    templateReason: z.string(),
  }),
  z.object({
    state: z.literal('failed'),
    path: z.string().nullable(),
    name: z.string().nullable(),
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      details: z.string().optional(),
    }),
  }),
]);

export type ModelFile = z.infer<typeof modelFileSchema>;
export type TemplateChoice = z.infer<typeof templateChoiceSchema>;
export type EngineStatus = z.infer<typeof engineStatusSchema>;
