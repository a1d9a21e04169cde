/** Owns the record of a reply that was made again. */
import { z } from 'zod';

export const replayResultSchema = z.object({
  /** Where the texts part, in UTF-16 units from the start of what was made again; null = they are identical. */
  differsAt: z.number().int().nullable(),
  before: z.string(),
  now: z.string(),
  /** What is not as it was when the reply was made. */
  changed: z.array(z.object({ what: z.string(), before: z.string(), now: z.string() })),
});

export type ReplayResult = z.infer<typeof replayResultSchema>;
