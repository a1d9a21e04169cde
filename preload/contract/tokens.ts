/** Owns the records of what a model expects of a text: the next token, and the text as a whole. */
import { z } from 'zod';
import { chartStages } from './sampler-stages.js';

const candidateSchema = z.object({
  token: z.number().int(),
  /** As it would be written; control tokens by their names. */
  text: z.string(),
  /** False for control tokens and for parts of a character. */
  isText: z.boolean(),
  probability: z.number(),
});

const tokenShareSchema = z.object({
  /** As it is written; with U+FFFD where it is a part of a character. Control tokens by their names. */
  text: z.string(),
  bytes: z.array(z.number().int()),
  /** Natural logarithm of its probability by the model, after bias and demands and before every sampler. */
  logprob: z.number(),
});

/** A token of a reply, with the likeliest at its place, likeliest first. */
export const writtenTokenSchema = tokenShareSchema.extend({ top: z.array(tokenShareSchema) });

/** The likeliest next tokens, likeliest first. */
export const nextTokensSchema = z.object({
  /** By the model alone; of all tokens together the probabilities are 1. */
  raw: z.array(candidateSchema),
  /** After every bias and sampler; what is missing can't come. */
  sampled: z.array(candidateSchema),
});

/** What may come next after each stage on the way to a reply's next token, the model itself first. */
export const stageSharesSchema = z.object({
  stages: z.array(
    z.object({
      stage: z.enum(chartStages),
      /** Tokens that can still come. */
      left: z.number().int(),
      /** The likeliest of them, likeliest first. */
      top: z.array(candidateSchema),
    }),
  ),
  promptTokens: z.number().int(),
  /** Tokens that were evaluated for this answer; 0 = what the model had said before was used again. */
  evaluatedTokens: z.number().int(),
});

/** See main/engine/perplexity.ts for the definition. */
export const perplexitySchema = z.object({
  perplexity: z.number(),
  /** Tokens that were predicted. */
  tokens: z.number().int(),
  /** Tokens that the model saw at once, at most. */
  window: z.number().int(),
});

export type TokenShare = z.infer<typeof tokenShareSchema>;
export type WrittenToken = z.infer<typeof writtenTokenSchema>;
export type Candidate = z.infer<typeof candidateSchema>;
export type NextTokens = z.infer<typeof nextTokensSchema>;
export type StageShares = z.infer<typeof stageSharesSchema>;
export type Perplexity = z.infer<typeof perplexitySchema>;
