/** Owns what is said of model files on this machine beyond their headers: where they lie, and what is known of them. */
import { z } from 'zod';

const sha256Schema = z.string().regex(/^[\da-f]{64}$/);

/** What is known of a file that does not stand in it. It outlives the file: one that comes back is known again. */
export const modelRecordSchema = z.object({
  path: z.string(),
  /** Size and time of change of the file when it was hashed: with others, the hash is of another file. */
  sizeBytes: z.number().int().nullable(),
  modifiedMs: z.number().nullable(),
  /** Of the whole file, as it was read here. */
  sha256: sha256Schema.nullable(),
  /** Of the file as it should be, by who gave it. */
  expectedSha256: sha256Schema.nullable(),
  /** Where it came from, for people: `owner/name@revision`, a link, or the file that it was made of. */
  origin: z.string().nullable(),
  /** When it was last found to be as it should be, in ms since 1970. */
  verifiedAt: z.number().int().nullable(),
  /** When it was last loaded, in ms since 1970. */
  usedAt: z.number().int().nullable(),
});

export type ModelRecord = z.infer<typeof modelRecordSchema>;
