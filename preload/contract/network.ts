/** Owns what is told of a request that left the app: where to, what for, how large; never what was asked or answered. */
import { z } from 'zod';

const requestPurposes = [
  'search the hub',
  'read a repository',
  'read a file header',
  'download',
  'remote engine',
] as const;

/** A redirect makes another one. */
const outgoingRequestSchema = z.object({
  id: z.string(),
  startedAtMs: z.number(),
  method: z.string(),
  /** With its port where that is not the usual one. */
  host: z.string(),
  /** Without the query, which may hold secrets. */
  path: z.string(),
  purpose: z.enum(requestPurposes),
  /** What the user did, in words. */
  cause: z.string(),
  /** Null while nothing was answered. */
  status: z.number().int().nullable(),
  /** Heads and bodies, without what TLS and TCP add. */
  sentBytes: z.number().int(),
  receivedBytes: z.number().int(),
  /** Null while it goes on. */
  durationMs: z.number().nullable(),
  /** Why it failed, in words. */
  error: z.string().nullable(),
});

export type RequestPurpose = (typeof requestPurposes)[number];
export type OutgoingRequest = z.infer<typeof outgoingRequestSchema>;
