/** Owns what is told of a request that left the app: where to, what for, how large; never what was asked or answered. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { requestPurposeIds } from './request-purposes.js';

/** A redirect makes another one. */
const outgoingRequestSchema = z.object({
  id: z.string(),
  startedAtMs: z.number(),
  method: z.string(),
  /** With its port where that is not the usual one. */
  host: z.string(),
  /** Without the query, which may hold secrets. */
  path: z.string(),
  purpose: z.enum(requestPurposeIds),
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

const filterSchema = z.object({
  /** Null = all. */
  host: z.string().max(300).nullable(),
  purpose: z.enum(requestPurposeIds).nullable(),
});

const trafficSchema = z.object({
  requests: z.number().int(),
  sentBytes: z.number().int(),
  receivedBytes: z.number().int(),
});

const viewSchema = z.object({
  /** The newest of those that match, newest first. */
  requests: z.array(outgoingRequestSchema),
  /** All that match. */
  matching: trafficSchema,
  /** Who was asked, the last one first. */
  hosts: z.array(trafficSchema.extend({ host: z.string() })),
  /** Since midnight. */
  today: trafficSchema,
});

export const networkChannels = {
  'network.view': channel(filterSchema, viewSchema),
  'network.clear': channel(nothing, z.void()),
} as const;

export type OutgoingRequest = z.infer<typeof outgoingRequestSchema>;
export type NetworkFilter = z.infer<typeof filterSchema>;
export type NetworkView = z.infer<typeof viewSchema>;
export type Traffic = z.infer<typeof trafficSchema>;
