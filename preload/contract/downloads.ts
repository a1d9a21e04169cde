/** Owns what a download is: files on the web that become one model here, and how far they are. */
import { z } from 'zod';
import { errorSchema } from './errors.js';

/** A file to fetch. */
export const remoteFileSchema = z.object({
  /** http or https; may redirect. */
  url: z.string().max(8192),
  /** The name that it gets in the models folder. It is made safe: folders in it stay inside the models folder. */
  fileName: z.string().min(1).max(1024),
  /** Null where nobody told. */
  sizeBytes: z.number().int().positive().nullable(),
  /** Of the whole file; null where nobody told. */
  sha256: z
    .string()
    .regex(/^[\da-f]{64}$/)
    .nullable(),
});

/** One model to fetch: one file, or the parts of a split one. */
export const downloadRequestSchema = z.object({
  name: z.string().min(1).max(300),
  /** Where it comes from, for people: `owner/name@revision`, or a link. */
  source: z.string().max(2048),
  files: z.array(remoteFileSchema).min(1).max(1000),
});

const downloadStates = [
  /** Its turn has not come. */
  'queued',
  'running',
  /** Goes on by itself: after a failure of the network, or when the disk has room. */
  'waiting',
  /** By the user. */
  'paused',
  /** Will not go on by itself. */
  'failed',
  'done',
] as const;

export const downloadSchema = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  state: z.enum(downloadStates),
  receivedBytes: z.number().int(),
  /** Of all files; null while that of one is not known. */
  sizeBytes: z.number().int().nullable(),
  bytesPerSecond: z.number(),
  /** Why it waits, or what it does beside fetching, in words; null when there is nothing to say. */
  note: z.string().nullable(),
  /** When it is tried again, in ms since 1970. */
  retryAtMs: z.number().nullable(),
  error: errorSchema.nullable(),
  /** Where the finished files are, in the order of the request. */
  paths: z.array(z.string()),
});

export type RemoteFile = z.infer<typeof remoteFileSchema>;
export type DownloadRequest = z.input<typeof downloadRequestSchema>;
export type Download = z.infer<typeof downloadSchema>;
