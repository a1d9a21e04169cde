/** Owns what the page may ask about importing chats, and the records of it. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { importFormatIds, lossKindIds } from './import-formats.js';

const pathsSchema = z.array(z.string().min(1).max(4096)).min(1).max(1000);
const formatSchema = z.enum(importFormatIds);
const lossesSchema = z.partialRecord(z.enum(lossKindIds), z.number().int());

/** Something that could not be read, in words. */
const failureSchema = z.object({ file: z.string(), what: z.string(), why: z.string() });

/** `at` is its number among all that were found. */
const foundChatSchema = z.object({
  at: z.number().int(),
  file: z.string(),
  title: z.string(),
  messages: z.number().int(),
  createdAt: z.number().int(),
  /** Whether the same chat was imported before, and is still in the list. */
  isKnown: z.boolean(),
});

const foundFileSchema = z.object({
  label: z.string(),
  /** Null = none of the known ones. */
  format: formatSchema.nullable(),
  /** Why nothing of it can be read; null = nothing hinders. */
  error: z.string().nullable(),
});

const previewSchema = z.object({
  id: z.string(),
  files: z.array(foundFileSchema),
  chats: z.array(foundChatSchema),
  failures: z.array(failureSchema),
  /** How many there are beyond those that are listed. */
  moreFailures: z.number().int(),
  losses: lossesSchema,
});

const resultSchema = z.object({
  imported: z.number().int(),
  failures: z.array(failureSchema),
  moreFailures: z.number().int(),
  losses: lossesSchema,
  /** Of the first one. */
  chatId: z.string().nullable(),
});

export const importChannels = {
  /** Lets the user pick files, or a folder; answers their paths. */
  'imports.choose': channel(z.object({ what: z.enum(['files', 'folder']) }), z.array(z.string())),
  /** Of these files, those that hold chats of a known format, told by what is in them. */
  'imports.holdingChats': channel(z.object({ paths: pathsSchema }), z.array(z.string())),
  /** Reads all, and saves nothing. @param formats by labels of files, what to read them as instead */
  'imports.look': channel(
    z.object({ paths: pathsSchema, formats: z.record(z.string(), formatSchema) }),
    previewSchema,
  ),
  /** Saves chats of a preview: all of them or, where one fails, the others. */
  'imports.start': channel(
    z.object({
      id: z.string(),
      chosen: z.array(z.number().int().nonnegative()).min(1).max(1_000_000),
      /** Where they come to lie; null = where their source has them. */
      folder: z.string().trim().min(1).max(100).nullable(),
      tag: z.string().trim().min(1).max(50).nullable(),
    }),
    resultSchema,
  ),
  /** Ends looking or saving; of the latter nothing stays. */
  'imports.cancel': channel(nothing, z.void()),
} as const;

/** How far it is: bytes that were read, and chats that were found or saved. */
export type ImportProgress = { readonly bytes: number; readonly chats: number };
export type ImportPreview = z.infer<typeof previewSchema>;
export type ImportResult = z.infer<typeof resultSchema>;
export type FoundChat = z.infer<typeof foundChatSchema>;
export type ImportFailure = z.infer<typeof failureSchema>;

export type ImportEvents = {
  readonly 'imports.progress': ImportProgress;
  /** Import was chosen in the menu, or the system opened files with the app. */
  readonly 'imports.asked': { readonly paths: readonly string[] };
};
