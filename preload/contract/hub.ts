/** Owns what the hub tells of repositories and their models; never how it is asked. */
import { z } from 'zod';
import { remoteFileSchema } from './downloads.js';

const hubSorts = ['trendingScore', 'downloads', 'likes', 'lastModified', 'createdAt'] as const;

/** What a list shows of a repository. Null where the hub did not say. */
const hubSummarySchema = z.object({
  /** `owner/name`. */
  id: z.string(),
  downloads: z.number().nullable(),
  likes: z.number().nullable(),
  updatedAtMs: z.number().nullable(),
  licence: z.string().nullable(),
  /** Weights are given only to accounts that agreed to terms. */
  gated: z.boolean(),
  architecture: z.string().nullable(),
});

export const hubSearchSchema = z.object({
  text: z.string().max(300),
  sort: z.enum(hubSorts),
  /** From the page before; null starts at the top. */
  cursor: z.string().max(2048).nullable(),
});

const hubResultsSchema = z.object({
  repositories: z.array(hubSummarySchema),
  /** For the next page; null at the end. */
  cursor: z.string().nullable(),
});

/** One model: a file, or the parts of a split one in order. */
const hubModelSchema = z.object({
  name: z.string(),
  /** The quantisations of one model share it. */
  family: z.string(),
  /** As the file's name says; null when it does not. */
  quantization: z.string().nullable(),
  /** How good this quantisation is, in words. */
  quality: z.string().nullable(),
  /** Null where nobody told. */
  sizeBytes: z.number().nullable(),
  files: z.array(remoteFileSchema),
  /** Why it can't be fetched; null when it can. */
  problem: z.string().nullable(),
});

/** What a repository, or a link to a single file, offers. */
const hubOfferSchema = z.object({
  title: z.string(),
  /** For people: `owner/name@revision`, or the link. */
  source: z.string(),
  /** Its page on the web; null for a link to a file elsewhere. */
  pageUrl: z.string().nullable(),
  summary: hubSummarySchema.nullable(),
  /** Smallest first. */
  models: z.array(hubModelSchema),
  /** What stands in it instead of models, in words; null when there are some. */
  emptyBecause: z.string().nullable(),
});

/** A search answers a list; a repository or a link, what is there. */
export const hubFoundSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('results'), ...hubResultsSchema.shape }),
  z.object({ kind: z.literal('offer'), ...hubOfferSchema.shape }),
]);

/** How the hub is reached. The token itself never comes here. */
export const hubAccountSchema = z.object({
  endpoint: z.string(),
  /** Where the endpoint comes from. */
  endpointFrom: z.enum(['setting', 'environment', 'default']),
  /** `elsewhere`: one is kept for another endpoint, and is not told this one. */
  token: z.enum(['none', 'kept', 'environment', 'elsewhere']),
  /** Why a token can't be kept on this machine, in words; null when it can. */
  keychainProblem: z.string().nullable(),
});

export type HubSort = (typeof hubSorts)[number];
export type HubSearch = z.infer<typeof hubSearchSchema>;
export type HubSummary = z.infer<typeof hubSummarySchema>;
export type HubFound = z.infer<typeof hubFoundSchema>;
export type HubModel = z.infer<typeof hubModelSchema>;
export type HubOffer = Extract<HubFound, { kind: 'offer' }>;
export type HubAccount = z.infer<typeof hubAccountSchema>;
