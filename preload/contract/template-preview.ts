/** Owns the records of a template that the user writes: the text itself, and what it makes of a short conversation. */
import { z } from 'zod';
import { findingSchema, promptTokenSchema } from './doctor.js';

export const writtenTemplateSchema = z.object({
  id: z.string(),
  name: z.string(),
  form: z.enum(['parts', 'jinja']),
  text: z.string(),
});

export const templatePreviewSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('good'),
    /** The prompt of a short conversation. */
    text: z.string(),
    /** The same as the loaded model reads it; null without one. */
    tokens: z.array(promptTokenSchema).nullable(),
    stops: z.array(z.string()),
    /** What is sound or not about it with the loaded model. */
    findings: z.array(findingSchema),
  }),
  /** In a sentence, with `Line N: ` before it where a line is known. */
  z.object({ state: z.literal('bad'), problem: z.string() }),
]);

export type WrittenTemplate = z.infer<typeof writtenTemplateSchema>;
export type TemplatePreview = z.infer<typeof templatePreviewSchema>;
