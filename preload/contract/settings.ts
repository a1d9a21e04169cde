/** Owns the schema of the user's settings, with their defaults. */
import { z } from 'zod';
import { contestantSpecSchema } from './arena.js';
import { mostColumns, mostContestants } from './arena-words.js';
import { exportTargets } from './export-formats.js';
import { exportChoiceSchema } from './exchange.js';
import { measurementSchema } from './fit.js';
import { kvTypes } from './kv-types.js';
import { languages } from './language.js';
import { levelSchema, someSamplingSchema } from './sampling-schema.js';

/** What of loading a model costs memory, and can be lowered. */
export const loadSettingsSchema = z.object({
  /** Tokens. */
  contextSize: z.number().int(),
  kvType: z.enum(kvTypes),
  /** Layers on the GPU; -1 = as many as fit. */
  gpuLayers: z.number().int(),
});

/** Settings that a file was loaded with after it failed with those that were wanted. */
const loweredLoadSchema = z.object({
  /** Size and time of the file: another file under the same path starts anew. */
  stamp: z.string(),
  wanted: loadSettingsSchema,
  used: loadSettingsSchema,
  /** Why the wanted ones did not do. */
  causes: z.array(z.enum(['memory', 'crash'])),
});

/** Where the reader was in a chat. */
const readingPlaceSchema = z.object({
  /** The first message in view. */
  messageId: z.string().max(100),
  /** From the top of the view to the top of that message, in CSS pixels; negative when its start is above. */
  offset: z.number(),
  /** How many messages there are from it to the end of the path. */
  fromEnd: z.number().int().nonnegative(),
});

export const settingsSchema = z.object({
  /** What the app speaks; `system` = what the machine's user prefers. */
  language: z.enum(['system', ...languages]).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Per cent of the usual size of letters. */
  textSize: z.number().int().min(80).max(160).default(100),
  /** Whether the welcome was shown, or skipped. */
  welcomed: z.boolean().default(false),
  /** Path of the model chosen last; loaded at start. */
  modelPath: z.string().nullable().default(null),
  /** Prompt template chosen by hand per model path; a model not listed uses the detected one. */
  templates: z.record(z.string(), z.string()).default({}),
  /** For every chat, where its model or the chat itself says nothing else; these three are the level `everywhere`. */
  systemPrompt: z.string().max(100_000).default(''),
  presetId: z.string().nullable().default(null),
  sampling: someSamplingSchema.default({}),
  /** Who the user is in new chats with a character; null = “You”. */
  personaId: z.string().nullable().default(null),
  /** What each model has of its own, by its path. */
  modelLevels: z.record(z.string(), levelSchema).default({}),
  /** Tokens; 0 = what the model was trained for, at most 8192. */
  contextSize: z.number().int().min(0).max(1_048_576).default(0),
  /** Compute threads; 0 = the cores that exist. */
  threads: z.number().int().min(0).max(256).default(0),
  /** Layers on the GPU; -1 = as many as fit. */
  gpuLayers: z.number().int().min(-1).max(1024).default(-1),
  /** A smaller model of the same vocabulary that guesses ahead; null = none. */
  draftModelPath: z.string().nullable().default(null),
  /** Tokens that the draft model guesses at a time. */
  draftTokens: z.number().int().min(1).max(16).default(4),
  /** Minutes without use after which the model is unloaded; 0 = never. */
  idleUnloadMinutes: z.number().min(0).max(10_080).default(30),
  /** Space on the disk for the states of chats, in units of 1e9 bytes; 0 keeps none. */
  promptCacheGigabytes: z.number().min(0).max(1000).default(4),
  kvType: z.enum(kvTypes).default('f16'),
  /** By model path; found by the load ladder, forgotten when the settings above change. */
  loweredLoads: z.record(z.string(), loweredLoadSchema).default({}),
  /** Address of a mirror of the hub; '' = HF_ENDPOINT, else the hub's own. */
  hubEndpoint: z.string().default(''),
  /** What the last loads took, the latest at the end; the estimates learn from them. */
  measurements: z.array(measurementSchema).default([]),
  /** What the GPU had free for a model at the last load; null without a GPU. */
  vramBytes: z.number().nullable().default(null),
  /** Nothing leaves the app. */
  offline: z.boolean().default(false),
  /** Whether it is looked once a day for a newer version of the app. */
  lookForUpdates: z.boolean().default(false),
  /** When that was done last; 0 = never. */
  lookedForUpdatesAtMs: z.number().default(0),
  downloadsAtOnce: z.number().int().min(1).max(8).default(2),
  /** Units of 1e6 bytes per second, for all downloads together; 0 = as fast as it comes. */
  downloadMegabytesPerSecond: z.number().min(0).max(10_000).default(0),
  sidebarOpen: z.boolean().default(true),
  /** A long text that is pasted into the message becomes an attachment. */
  pasteLongTextAsAttachment: z.boolean().default(true),
  /** What the list of chats is sorted by: last use, age, or title. */
  chatOrder: z.enum(['used', 'created', 'title']).default('used'),
  /** Whether other programs may use the model, by which port, and whether from other machines. */
  apiOn: z.boolean().default(false),
  apiPort: z.number().int().min(1024).max(65_535).default(5005),
  apiLan: z.boolean().default(false),
  /** SHA-256 of the key that they need; '' = none was made, and nobody is let in. */
  apiKeyHash: z.string().default(''),
  /** Whether the loaded model finds titles for new chats. */
  generateTitles: z.boolean().default(true),
  /** Whether replies end when they repeat themselves or go on as the user. */
  guardReplies: z.boolean().default(true),
  /** Folders of chats that are shown without what is in them. */
  closedFolders: z.array(z.string()).default([]),
  /** Keys of the actions that do not have their default ones, by the action's id; null = none. */
  keys: z.record(z.string().max(100), z.string().max(100).nullable()).default({}),
  /** How chats were exported last. */
  lastExport: exportChoiceSchema
    .extend({ target: z.enum(exportTargets) })
    .default({ format: 'markdown', branches: false, metadata: true, target: 'file' }),
  /** By chat; of those that were left at their end, none. */
  readingPlaces: z.record(z.string().max(100), readingPlaceSchema).default({}),
  /** Who is compared side by side, and who duels; empty = not chosen yet. */
  comparison: z
    .object({
      columns: z.array(contestantSpecSchema).max(mostColumns),
      contestants: z.array(contestantSpecSchema).max(mostContestants),
    })
    .default({ columns: [], contestants: [] }),
  /** What was chosen in the command palette, the latest first. */
  recentCommands: z.array(z.string().max(5000)).max(50).default([]),
});

export type ReadingPlace = z.infer<typeof readingPlaceSchema>;
export type Settings = z.infer<typeof settingsSchema>;
export type LoadSettings = z.infer<typeof loadSettingsSchema>;
export type LoweredLoad = z.infer<typeof loweredLoadSchema>;
