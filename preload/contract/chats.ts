/** Owns the records of the conversation tree as they cross IPC. */
import { z } from 'zod';
import { attachmentSchema } from './attachments.js';
import { chatModes } from './character-limits.js';
import { fileIdentitySchema } from './models.js';
import { levelSchema } from './sampling-schema.js';

export const idSchema = z.string().min(1).max(64);
/** Of a message, a draft or a note. */
export const textSchema = z.string().max(10_000_000);

/** What a chat does when its conversation does not fit the context. */
export const overflowPolicySchema = z.enum(['stop', 'drop-oldest', 'keep-pinned']);

/** A mark set by hand; it holds for the whole turn of the message. `pinned` needs the policy `keep-pinned`. */
export const inclusionSchema = z.enum(['auto', 'pinned', 'left-out']);

/** Why a message is not in a prompt. */
export const leftOutReasonSchema = z.enum(['context-full', 'by-hand']);

/** Why a reply ended. `partial` means that it did not: the engine or the app died while it was written. */
const stopReasonSchema = z.enum([
  'end',
  'stop-string',
  /** Every way on would have written a banned string. */
  'banned-string',
  /** The guard found that it repeated itself. */
  'loop',
  /** The guard found that it went on as the user. */
  'self-talk',
  'max-tokens',
  'context-full',
  'stopped',
  'partial',
  'error',
]);

/**
 * Tokens that went into the KV cache together: how many of them stayed, how many there were, how often in a row, and with
 * how many threads, absent where that was not kept. Both sizes and threads change how llama.cpp rounds.
 */
export const batchSchema = z.tuple([
  z.number().int().min(1),
  z.number().int().min(1),
  z.number().int().min(1),
  z.number().int().min(1).optional(),
]);

/** A count of threads, and how many steps of writing were computed with it. */
export const threadRunSchema = z.tuple([z.number().int().min(1), z.number().int().min(1).max(1_000_000)]);

/** What a reply came from, besides its seed, template and context: with all of it the same text comes again. */
const originSchema = z.object({
  /** The parameters that were not at their defaults. */
  sampling: z.record(z.string(), z.unknown()),
  model: fileIdentitySchema.extend({ name: z.string() }),
  engine: z.string(),
  gpu: z.string().nullable(),
  /** The host of the server that wrote it, whose model file is not known; absent = this machine. */
  server: z.string().optional(),
  /** SHA-256 of the prompt's tokens, or of its text where a server wrote the reply. */
  promptHash: z.string(),
  /** How the prompt but its last token was evaluated; null when that is not known. */
  batches: z.array(batchSchema).nullable(),
  /** With how many threads it was written; empty when that was not kept. */
  threads: z.array(threadRunSchema).default([]),
  /** Characters of the reply that were there before, where this run went on with it. */
  baseLength: z.number().int().default(0),
});

/** What was measured for one reply. Absent on messages that people wrote. */
export const replyStatsSchema = z.object({
  stopReason: stopReasonSchema,
  promptTokens: z.number().int(),
  /** Of promptTokens, those taken from the KV cache. */
  reusedTokens: z.number().int(),
  /** Where those were: in memory from the request before, or in a saved state. */
  reusedFrom: z.enum(['memory', 'disk']).default('memory'),
  tokens: z.number().int(),
  /** Tokens that were guessed ahead and checked, and how many of them were right. */
  guessesMade: z.number().int().default(0),
  guessesTaken: z.number().int().default(0),
  tokensPerSecond: z.number(),
  timeToFirstTokenMs: z.number(),
  /** Evaluating what was not reused of the prompt, but its last token; absent on replies of earlier versions. */
  readingMs: z.number().optional(),
  contextUsed: z.number().int(),
  contextSize: z.number().int(),
  /** Older messages that did not fit the context and were left out of the prompt. */
  omittedMessages: z.number().int(),
  seed: z.number().int(),
  template: z.string(),
  /** Where the text that the guard stopped it for begins, in UTF-16 units; absent = nothing was found. */
  troubleFrom: z.number().int().optional(),
  /** Null on replies of earlier versions. */
  origin: originSchema.nullable().default(null),
});

const messageSchema = z.object({
  id: idSchema,
  chatId: idSchema,
  parentId: idSchema.nullable(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  inclusion: inclusionSchema,
  createdAt: z.number().int(),
  editedAt: z.number().int().nullable(),
  /** Display name of the model that wrote a reply. */
  model: z.string().nullable(),
  stats: replyStatsSchema.nullable(),
  /** The message of an error that ended the reply. */
  error: z.string().nullable(),
});

/** A message on the active path with its place among its versions (siblings under the same parent). */
export const pathMessageSchema = messageSchema.extend({
  versionIds: z.array(idSchema),
  attachments: z.array(attachmentSchema),
});

export const chatSchema = z.object({
  id: idSchema,
  title: z.string(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  overflow: overflowPolicySchema,
  /** What every new reply begins with; empty = nothing. */
  startReplyWith: z.string(),
  folderId: idSchema.nullable(),
  pinnedAt: z.number().int().nullable(),
  archivedAt: z.number().int().nullable(),
  /** In the order of the alphabet. */
  tags: z.array(z.string()),
  /** What the chat has of its own: preset, system prompt, parameters. */
  level: levelSchema,
  /** Who talks; null = nobody was chosen, or nobody by a name. */
  characterId: idSchema.nullable(),
  personaId: idSchema.nullable(),
  mode: z.enum(chatModes),
  /** The instruction of `chat-instruct`; '' = the usual one. */
  chatCommand: z.string(),
});

/** What of a chat a user sets. */
export const chatOptionsSchema = z
  .object({ overflow: overflowPolicySchema, startReplyWith: z.string().max(100_000), level: levelSchema })
  .partial()
  .strict();

/** The active path of a chat, or a stretch of it: a long path is read and sent only as far as it is needed or changed. */
export const threadSchema = z.object({
  chat: chatSchema,
  /** The message before these; null = the path begins with them. */
  after: idSchema.nullable(),
  /** Oldest first. */
  messages: z.array(pathMessageSchema),
  /** Whether the path ends with these; otherwise what follows them is as it was. */
  isEnd: z.boolean(),
});

export type OverflowPolicy = z.infer<typeof overflowPolicySchema>;
export type Inclusion = z.infer<typeof inclusionSchema>;
export type LeftOutReason = z.infer<typeof leftOutReasonSchema>;
export type ChatOptions = z.infer<typeof chatOptionsSchema>;
export type StopReason = z.infer<typeof stopReasonSchema>;
export type ReplyStats = z.infer<typeof replyStatsSchema>;
export type ReplyOrigin = z.infer<typeof originSchema>;
export type Batch = z.infer<typeof batchSchema>;
export type ThreadRun = z.infer<typeof threadRunSchema>;
export type Message = z.infer<typeof messageSchema>;
export type PathMessage = z.infer<typeof pathMessageSchema>;
/** What of a message says how it stands in its turn. */
export type OutlineMessage = Pick<PathMessage, 'id' | 'role' | 'inclusion'>;
export type Chat = z.infer<typeof chatSchema>;
export type Thread = z.infer<typeof threadSchema>;
