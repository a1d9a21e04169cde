/**
 * Owns the app's own format of chats: what stands in such a file, and nothing of how it is written or read. `FORMAT.md`
 * beside this file describes it for people.
 */
import { z } from 'zod';
import { attachmentSchema } from '../../preload/contract/attachments.js';
import { cardSchema } from '../../preload/contract/characters.js';
import { chatModes } from '../../preload/contract/character-limits.js';
import {
  idSchema,
  inclusionSchema,
  overflowPolicySchema,
  replyStatsSchema,
} from '../../preload/contract/chats.js';
import { presetValuesSchema } from '../../preload/contract/presets.js';
import { levelSchema } from '../../preload/contract/sampling-schema.js';

/** What `format` says in every such file. */
export const ownFormat = 'altiplano-chats';

/**
 * Rises when a reader of the version before would take a file wrongly. What is only added does not raise it: fields that
 * a reader does not know are passed over, and those that it misses have defaults.
 */
export const ownFormatVersion = 1;

const timeMsSchema = z.number().int();

const ownFolderSchema = z.object({ id: idSchema, name: z.string() });

const ownPresetSchema = z.object({
  id: idSchema,
  name: z.string(),
  values: presetValuesSchema,
  /** In words, where it came from; '' = made in the app. */
  origin: z.string().default(''),
});

/** All pictures of a file together, before base64. */
export const mostPictureBytes = 24_000_000;

const pictureFields = {
  /** A PNG or JPEG file in base64; null = none, or one that found no place. */
  picture: z.string().nullable().default(null),
  /** Whether there was one that found no place. */
  lacksPicture: z.boolean().default(false),
};

const ownCharacterSchema = z.object({
  id: idSchema,
  card: cardSchema,
  /** What stood beside the card in its file. */
  beside: z.record(z.string(), z.unknown()).default({}),
  ...pictureFields,
});

const ownPersonaSchema = z.object({
  id: idSchema,
  name: z.string(),
  description: z.string().default(''),
  ...pictureFields,
});

/** Ahead of the chats. */
export const ownHeadSchema = z.object({
  format: z.literal(ownFormat),
  version: z.number().int().min(1),
  /** The version of Altiplano that wrote the file. */
  app: z.string(),
  exportedAt: timeMsSchema,
  /** Those in which the chats lie, in their order. */
  folders: z.array(ownFolderSchema).default([]),
  /** The user's own presets that the chats have chosen. */
  presets: z.array(ownPresetSchema).default([]),
  /** Those that talk in the chats, and the user's profiles there. */
  characters: z.array(ownCharacterSchema).default([]),
  personas: z.array(ownPersonaSchema).default([]),
});

const ownRevisionSchema = z.object({
  text: z.string(),
  /** When this text was written in place of another one; null = it is the first. */
  editedAt: timeMsSchema.nullable(),
});

const ownAttachmentSchema = attachmentSchema.omit({ id: true }).extend({
  createdAt: timeMsSchema,
  /** All that was read of the file, whatever part of it is sent. */
  text: z.string(),
});

export const ownMessageSchema = z.object({
  id: idSchema,
  /** Null = it begins a path. */
  parentId: idSchema.nullable(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  inclusion: inclusionSchema.default('auto'),
  createdAt: timeMsSchema,
  editedAt: timeMsSchema.nullable().default(null),
  /** Display name of the model that wrote a reply. */
  model: z.string().nullable().default(null),
  stats: replyStatsSchema.nullable().default(null),
  /** What ended the reply too early, in words. */
  error: z.string().nullable().default(null),
  /** The texts that it had before, the oldest first. */
  revisions: z.array(ownRevisionSchema).default([]),
  attachments: z.array(ownAttachmentSchema).default([]),
});

/** All of a chat but its messages, which follow in the field `messages`. */
export const ownChatHeadSchema = z.object({
  id: idSchema,
  title: z.string(),
  /** Who named it. */
  titleBy: z.enum(['words', 'model', 'user']).default('user'),
  createdAt: timeMsSchema,
  updatedAt: timeMsSchema,
  overflow: overflowPolicySchema.default('drop-oldest'),
  startReplyWith: z.string().default(''),
  level: levelSchema.prefault({}),
  /** One of the folders of the head. */
  folderId: idSchema.nullable().default(null),
  pinnedAt: timeMsSchema.nullable().default(null),
  archivedAt: timeMsSchema.nullable().default(null),
  tags: z.array(z.string()).default([]),
  /** One of the characters of the head, and one of its profiles; how they talk, and what the model is told of it. */
  characterId: idSchema.nullable().default(null),
  personaId: idSchema.nullable().default(null),
  mode: z.enum(chatModes).default('instruct'),
  chatCommand: z.string().default(''),
  /** The message at the end of the path that is shown. */
  leafId: idSchema.nullable().default(null),
});

/** Order of the messages: by age, so that versions of one message stand in their order; a parent may come later. */
const ownChatSchema = ownChatHeadSchema.extend({ messages: z.array(ownMessageSchema) });

/** A whole file. A large one is better written and read piece by piece, by the schemas above. */
export const ownFileSchema = ownHeadSchema.extend({ chats: z.array(ownChatSchema) });

export type OwnCharacter = z.infer<typeof ownCharacterSchema>;
export type OwnPersona = z.infer<typeof ownPersonaSchema>;
export type OwnHead = z.infer<typeof ownHeadSchema>;
export type OwnChatHead = z.infer<typeof ownChatHeadSchema>;
export type OwnMessage = z.infer<typeof ownMessageSchema>;
export type OwnFile = z.infer<typeof ownFileSchema>;
