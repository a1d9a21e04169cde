/** Owns what the page may ask about newer versions of the app; none is ever installed by it. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { errorSchema } from './errors.js';

/** A version that is newer than this one, as its makers signed it. */
const releaseSchema = z.object({
  version: z.string(),
  /** As `2026-11-29`. */
  date: z.string(),
  /** Where people find it. */
  page: z.string(),
  notes: z.string(),
  /** For this system. */
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() })),
});

const stateSchema = z.object({
  /** Whether this build knows where to look. */
  hasFeed: z.boolean(),
  isLooking: z.boolean(),
  /** When it was found out last, since the start; null = not yet. */
  lookedAtMs: z.number().nullable(),
  /** What was found then; null = this version is the newest. */
  newer: releaseSchema.nullable(),
  /** Why the last look failed. */
  problem: errorSchema.nullable(),
});

export const updateChannels = {
  'updates.state': channel(nothing, stateSchema),
  /** Looks now; what comes of it is told by `updates.changed`. */
  'updates.look': channel(nothing, z.void()),
} as const;

export type Release = z.infer<typeof releaseSchema>;
export type UpdateState = z.infer<typeof stateSchema>;
export type UpdateEvents = {
  readonly 'updates.changed': UpdateState;
  /** The daily look found a newer version. */
  readonly 'updates.found': Release;
};
