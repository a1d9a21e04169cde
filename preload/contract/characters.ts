/**
 * Owns the records of characters and personas as they cross IPC, and the channels for them. A card has the names that
 * the card specifications (V2, V3) give its fields, and keeps every field that is not known here.
 */
import { t } from './language.js';
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { characterLimits, chatModes } from './character-limits.js';
import { chatSchema, idSchema } from './chats.js';

const textSchema = z
  .string()
  .max(characterLimits.fieldCharacters, { error: () => t('This text is longer than 1,000,000 characters.') });
const nameSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('A name is missing.') })
  .max(characterLimits.nameCharacters, { error: () => t('This name is longer than 200 characters.') });
const extensionsSchema = z.record(z.string(), z.unknown());

/** A piece of knowledge that joins the prompt when one of its keys is mentioned. */
export const bookEntrySchema = z.looseObject({
  keys: z.array(textSchema).max(characterLimits.keys).default([]),
  content: textSchema.default(''),
  enabled: z.boolean().default(true),
  /** Entries with a higher number stand lower. */
  insertion_order: z.number().default(100),
  extensions: extensionsSchema.default({}),
  case_sensitive: z.boolean().nullable().optional(),
  /** Where there is no room for all, those with a lower number leave first. */
  priority: z.number().nullable().optional(),
  name: z.string().nullable().optional(),
  comment: z.string().nullable().optional(),
  /** One of the keys and one of the secondary keys must be mentioned. */
  selective: z.boolean().nullable().optional(),
  secondary_keys: z.array(textSchema).max(characterLimits.keys).nullable().optional(),
  /** Always in the prompt, as far as there is room. */
  constant: z.boolean().nullable().optional(),
  position: z.string().nullable().optional(),
  /** Keys are regular expressions; such keys are kept, and not looked for. */
  use_regex: z.boolean().nullable().optional(),
});

export const bookSchema = z.looseObject({
  entries: z.array(bookEntrySchema).max(characterLimits.entries).default([]),
  extensions: extensionsSchema.default({}),
  name: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  scan_depth: z.number().nullable().optional(),
  token_budget: z.number().nullable().optional(),
  recursive_scanning: z.boolean().nullable().optional(),
});

export const cardSchema = z.looseObject({
  name: nameSchema,
  description: textSchema.default(''),
  personality: textSchema.default(''),
  scenario: textSchema.default(''),
  first_mes: textSchema.default(''),
  mes_example: textSchema.default(''),
  creator_notes: textSchema.default(''),
  system_prompt: textSchema.default(''),
  post_history_instructions: textSchema.default(''),
  alternate_greetings: z.array(textSchema).max(characterLimits.greetings).default([]),
  tags: z.array(z.string().max(200)).max(characterLimits.tags).default([]),
  creator: z.string().default(''),
  character_version: z.string().default(''),
  extensions: extensionsSchema.default({}),
  /** V3: the name in dialogue, where it is not the name of the card. */
  nickname: z.string().max(characterLimits.nameCharacters).optional(),
  character_book: bookSchema.optional(),
});

const pictureSchema = z.string().nullable();

/** What a gallery shows of a character. */
const characterSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  /** The name in dialogue. */
  nickname: z.string(),
  tags: z.array(z.string()),
  /** The beginning of the creator’s notes, else of the description. */
  about: z.string(),
  /** For `pictureUrl`; null = none. */
  picture: pictureSchema,
  updatedAt: z.number().int(),
});

const characterSchema = z.object({
  id: idSchema,
  card: cardSchema,
  picture: pictureSchema,
  updatedAt: z.number().int(),
});

const personaSchema = z.object({
  id: idSchema,
  name: nameSchema,
  /** Told to the model, in the third person or the first. */
  description: textSchema,
  picture: pictureSchema,
});

/** Who talks in a chat, and how it is written down. */
const castSchema = z
  .object({
    characterId: idSchema.nullable(),
    personaId: idSchema.nullable(),
    mode: z.enum(chatModes),
    /** The instruction of `chat-instruct`; '' = the usual one. */
    chatCommand: z.string().max(100_000),
  })
  .partial()
  .strict();

/** What an import made, and what of the file could not be taken. */
const importedCharacterSchema = z.object({
  fileName: z.string(),
  character: characterSummarySchema.nullable(),
  /** A sentence for each thing that could not be kept; when there is no character, why. */
  problems: z.array(z.string()),
});

const pathsSchema = z.array(z.string().min(1).max(4096)).max(1000);

export const characterChannels = {
  /** By name. */
  'characters.list': channel(nothing, z.array(characterSummarySchema)),
  'characters.open': channel(z.object({ id: idSchema }), characterSchema),
  'characters.create': channel(z.object({ card: cardSchema }), characterSchema),
  'characters.save': channel(z.object({ id: idSchema, card: cardSchema }), characterSchema),
  /** Lets the user pick a picture; null when none was picked. */
  'characters.choosePicture': channel(z.object({ id: idSchema }), characterSchema.nullable()),
  /** Takes a picture that was dropped. */
  'characters.takePicture': channel(z.object({ id: idSchema, path: z.string().min(1) }), characterSchema),
  'characters.removePicture': channel(z.object({ id: idSchema }), characterSchema),
  'characters.duplicate': channel(z.object({ id: idSchema }), characterSchema),
  'characters.delete': channel(z.object({ id: idSchema }), z.void()),
  /** Lets the user pick cards: PNG and JSON of V1 to V3, YAML and JSON of text-generation-webui. */
  'characters.choose': channel(nothing, z.array(importedCharacterSchema)),
  'characters.import': channel(z.object({ paths: pathsSchema }), z.array(importedCharacterSchema)),
  /** Makes one of the characters that come with the app; they are files like any other. */
  'characters.addExample': channel(z.object({ name: z.string() }), characterSchema),
  /** Lets the user save it. @returns what the file lacks, and where it lies; null when no place was chosen */
  'characters.export': channel(
    z.object({ id: idSchema, format: z.enum(['png', 'json', 'yaml']) }),
    z.object({ path: z.string(), lacks: z.array(z.string()) }).nullable(),
  ),
  /** A chat with the character, its greetings as versions of the first message. */
  'characters.startChat': channel(z.object({ id: idSchema }), chatSchema),
  /** Changes who talks in a chat, or how it is written down. A chat in which nobody spoke yet gets the greetings. */
  'characters.cast': channel(z.object({ chatId: idSchema, cast: castSchema }), chatSchema),

  /** By name. */
  'personas.list': channel(nothing, z.array(personaSchema)),
  'personas.create': channel(personaSchema.pick({ name: true, description: true }), personaSchema),
  'personas.save': channel(personaSchema.omit({ picture: true }), personaSchema),
  'personas.choosePicture': channel(z.object({ id: idSchema }), personaSchema.nullable()),
  'personas.removePicture': channel(z.object({ id: idSchema }), personaSchema),
  'personas.delete': channel(z.object({ id: idSchema }), z.void()),
} as const;

/** Broadcasts: main tells the page. */
export type CharacterEvents = {
  readonly 'characters.changed': readonly CharacterSummary[];
  readonly 'personas.changed': readonly Persona[];
};

export type BookEntry = z.infer<typeof bookEntrySchema>;
export type Book = z.infer<typeof bookSchema>;
export type Card = z.infer<typeof cardSchema>;
export type CharacterSummary = z.infer<typeof characterSummarySchema>;
export type Character = z.infer<typeof characterSchema>;
export type Persona = z.infer<typeof personaSchema>;
export type CastChange = z.infer<typeof castSchema>;
export type ImportedCharacter = z.infer<typeof importedCharacterSchema>;
export type CardFormat = 'png' | 'json' | 'yaml';
