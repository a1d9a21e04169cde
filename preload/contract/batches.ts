/** Owns the records of batches as they cross IPC, and the channels for them. */
import { t } from './language.js';
import { z } from 'zod';
import { mostContestants } from './arena-words.js';
import { contestantSchema, contestantSpecSchema, matchSchema } from './arena.js';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';

const pathSchema = z.string().min(1).max(4096);

const newBatchSchema = z.object({
  setId: idSchema,
  contestants: z
    .array(contestantSpecSchema)
    .min(1, { error: () => t('Choose who is to answer.') })
    .max(mostContestants),
  seed: z.number().int().min(0).max(4_294_967_295),
  /** Tokens a reply, at most. */
  maxTokens: z.number().int().min(1).max(4096),
  /** Its perplexity is measured with each model; '' = none. */
  perplexityText: z
    .string()
    .max(500_000, { error: () => t('A text to measure can have at most 500,000 characters.') }),
  /** Path of the model that judges the duels once they are there; null = none. */
  judgePath: pathSchema.nullable(),
});

const batchSchema = z.object({
  id: idSchema,
  /** Replies to prompts, or verdicts on duels. */
  kind: z.enum(['replies', 'judging']),
  /** Of the prompt set, as it was called. */
  name: z.string(),
  state: z.enum(['running', 'paused', 'ended']),
  createdAt: z.number().int(),
  /** Who answers; of a judging, empty. */
  contestants: z.array(contestantSchema),
  /** Name of the model that judges, or will; null = none. */
  judge: z.string().nullable(),
  /** Pieces of work; each reply, verdict or measurement is one. */
  total: z.number().int(),
  done: z.number().int(),
  /** Of those done, the ones that failed. */
  failed: z.number().int(),
  /** What is worked at now; null where it waits, or others are before it. */
  current: z.string().nullable(),
  /** Its duels that the user has not voted on. */
  unvoted: z.number().int(),
});

const rateSchema = z.object({
  voter: z.string(),
  duels: z.number().int(),
  /** A tie is half a one. */
  points: z.number(),
});

/** What was measured of one contestant; null where nothing was. */
const measuredSchema = z.object({
  contestant: contestantSchema,
  answered: z.number().int(),
  failed: z.number().int(),
  /** Of the file. */
  sizeBytes: z.number().nullable(),
  /** Weights, KV cache and buffers. */
  memoryBytes: z.number().nullable(),
  /** Medians. */
  tokensPerSecond: z.number().nullable(),
  timeToFirstTokenMs: z.number().nullable(),
  /** Means. */
  tokens: z.number().nullable(),
  characters: z.number().nullable(),
  perplexity: z.number().nullable(),
  rates: z.array(rateSchema),
});

/** How far two voters agree on the duels that both voted on. */
const agreementSchema = z.object({
  both: z.number().int(),
  same: z.number().int(),
  /** Cohen's kappa; null where chance alone explains all. */
  kappa: z.number().nullable(),
});

/** How a judge judged; each pair in both orders. */
const judgeReportSchema = z.object({
  judge: z.string(),
  pairs: z.number().int(),
  /** Pairs on which the two orders did not agree: ties. */
  disagreed: z.number().int(),
  /** Of those, the ones where the answer that came first was preferred in both orders; and the second. */
  preferredFirst: z.number().int(),
  preferredSecond: z.number().int(),
  /** Pairs of which a verdict is missing. */
  failed: z.number().int(),
  /** With the user. */
  agreement: agreementSchema,
});

/** What was won with the prompts of one kind, by contestant and voter, in the order of the contestants. */
const groupSchema = z.object({
  category: z.string(),
  level: z.number().int().nullable(),
  contestants: z.array(z.array(rateSchema)),
});

const batchResultsSchema = z.object({
  prompts: z.number().int(),
  /** Tokens of the text whose perplexity was measured, by the first model; null = none was. */
  perplexityTokens: z.number().int().nullable(),
  contestants: z.array(measuredSchema),
  /** By category, and by level where prompts have one; in the order of the prompts. */
  groups: z.array(groupSchema),
  judges: z.array(judgeReportSchema),
});

const ofBatch = z.object({ batchId: idSchema });

export const batchChannels = {
  /** The latest first. */
  'batches.list': channel(nothing, z.array(batchSchema)),
  /** @throws bad-input for a set without prompts */
  'batches.start': channel(newBatchSchema, batchSchema),
  /** Lets a model judge the duels of a batch, null = all there are, that it has not judged. @throws bad-input when there are none */
  'batches.judge': channel(z.object({ batchId: idSchema.nullable(), judgePath: pathSchema }), batchSchema),
  'batches.pause': channel(ofBatch, z.void()),
  'batches.resume': channel(ofBatch, z.void()),
  /** Tries again what failed. */
  'batches.retry': channel(ofBatch, z.void()),
  /** Stops it, and hides it; undo brings it back. Its duels with votes stay. */
  'batches.delete': channel(ofBatch, z.void()),
  'batches.results': channel(ofBatch, batchResultsSchema),
  /** Lets the user choose a place for the results; JSON with all replies. @returns its path; null = none chosen */
  'batches.export': channel(ofBatch.extend({ format: z.enum(['csv', 'json']) }), z.string().nullable()),
  /** A duel of a batch that the user has not voted on, with its names hidden; null = there is none. */
  'batches.nextDuel': channel(nothing, matchSchema.nullable()),
} as const;

/** Broadcasts: main tells the page. */
export type BatchEvents = { readonly 'batches.changed': readonly Batch[] };

export type NewBatch = z.infer<typeof newBatchSchema>;
export type Batch = z.infer<typeof batchSchema>;
export type BatchResults = z.infer<typeof batchResultsSchema>;
export type Measured = z.infer<typeof measuredSchema>;
export type Agreement = z.infer<typeof agreementSchema>;
export type JudgeReport = z.infer<typeof judgeReportSchema>;
