/** Owns what the page may ask of the local API: whether it listens, where, with which key, and what was asked of it. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';

const logEntrySchema = z.object({
  id: z.number().int(),
  atMs: z.number(),
  /** Address of who asked. */
  from: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number().int(),
  durationMs: z.number(),
  promptTokens: z.number().int(),
  tokens: z.number().int(),
  error: z.string().nullable(),
});

const stateSchema = z.object({
  /** What the user wants. */
  on: z.boolean(),
  port: z.number().int(),
  lan: z.boolean(),
  hasKey: z.boolean(),
  /** Where it listens; null = it does not. */
  address: z.string().nullable(),
  /** Why it does not, although it should. */
  problem: z.string().nullable(),
});

export const apiServerChannels = {
  'api.state': channel(nothing, stateSchema),
  'api.set': channel(
    z
      .object({ on: z.boolean(), port: z.number().int().min(1024).max(65_535), lan: z.boolean() })
      .partial()
      .strict(),
    stateSchema,
  ),
  /** Makes a key, which is shown this once; the one before is worth nothing from then on. */
  'api.newKey': channel(nothing, z.object({ key: z.string() })),
  /** The latest requests, newest first. */
  'api.log': channel(nothing, z.array(logEntrySchema)),
} as const;

export type ApiLogEntry = z.infer<typeof logEntrySchema>;
export type ApiState = z.infer<typeof stateSchema>;
