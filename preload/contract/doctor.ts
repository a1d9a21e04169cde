/** Owns what the template doctor finds: the tokens of a prompt, what is sound or not about a template, and self-talk probes. */
import { z } from 'zod';
import { leftOutReasonSchema } from './chats.js';
import { templateChoiceSchema } from './models.js';

export const promptTokenSchema = z.object({
  id: z.number().int(),
  /** Empty when an earlier token shows the letter that this one is a part of. */
  text: z.string(),
  source: z.enum(['template', 'system', 'user', 'assistant']),
  /** A special token of the vocabulary, not text. */
  isMark: z.boolean(),
});

export const findingSchema = z.object({
  level: z.enum(['good', 'note', 'warning']),
  text: z.string(),
});

/** A prompt as it would be sent, with what the doctor says of it. */
export const inspectionSchema = z.object({
  tokens: z.array(promptTokenSchema),
  /** What the engine was given for the chat's last reply, and what it answered; null when nothing was since the load. */
  previous: z.array(promptTokenSchema.pick({ id: true, text: true })).nullable(),
  /** Tokens at the start that the engine still holds evaluated. */
  reusableTokens: z.number().int(),
  leftOut: z.array(leftOutReasonSchema.nullable()),
  findings: z.array(findingSchema),
  /** Texts at which a reply ends. */
  stops: z.array(z.string()),
  template: templateChoiceSchema,
  /** Other templates that this model may have been trained with, likeliest first. */
  candidates: z.array(templateChoiceSchema),
  /** A short conversation in the form in force and in the one it should be like; null when there is nothing to compare. */
  comparison: z
    .object({ inForce: z.string(), inForceLabel: z.string(), other: z.string(), otherLabel: z.string() })
    .nullable(),
});

const probeTurnSchema = z.object({
  question: z.string(),
  /** All that the model wrote, special tokens by their names. */
  reply: z.string(),
  tokens: z.number().int(),
  /** `end`: by itself · `user-head`: it went on as the user · `limit`: it was cut off. */
  ending: z.enum(['end', 'user-head', 'limit']),
});

/** Two short turns without stop strings, to see whether the model ends its replies by itself. */
export const probeSchema = z.object({
  template: templateChoiceSchema,
  turns: z.array(probeTurnSchema),
  /** `good`: fits · `unsure` · `bad`: does not fit. */
  verdict: z.enum(['good', 'unsure', 'bad']),
  /** Why, in words. */
  reasons: z.array(z.string()),
});

export type ShownToken = z.infer<typeof promptTokenSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type Inspection = z.infer<typeof inspectionSchema>;
export type ProbeTurn = z.infer<typeof probeTurnSchema>;
export type Probe = z.infer<typeof probeSchema>;
