/** Owns the records of backups that are one file with everything, as they cross IPC, and their channels. */
import { z } from 'zod';
import { restoredSchema } from './backups.js';
import { channel, nothing } from './channel.js';

const countSchema = z.number().int().nonnegative();

/** What the user has, by number; without what lies in the trash. */
export const backupContentsSchema = z.object({
  chats: countSchema,
  messages: countSchema,
  characters: countSchema,
  presets: countSchema,
  notes: countSchema,
  /** Grammars and prompt templates. */
  templates: countSchema,
});

/** A model of the machine that the backup was made on; the model itself is not in it. */
export const backupModelSchema = z.object({
  name: z.string().max(500),
  /** Where it was there. */
  path: z.string().max(5000),
  sizeBytes: countSchema,
  sha256: z
    .string()
    .regex(/^[\da-f]{64}$/)
    .nullable(),
  /** Where it came from, for people: `owner/name@revision`, a link, or the file that it was made of. */
  origin: z.string().max(5000).nullable(),
  /** Of which file of the catalogue it is; null = of none. */
  catalogue: z.object({ id: z.string().max(200), name: z.string().max(500) }).nullable(),
});

const viewSchema = z.object({
  path: z.string(),
  sizeBytes: countSchema,
  /** The version of Altiplano that made it. */
  app: z.string(),
  madeAt: z.number().int(),
  contents: backupContentsSchema,
  /** Those that are not on this machine, and how many there are in all. */
  missing: z.array(backupModelSchema),
  models: countSchema,
});

const pathSchema = z.string().min(1).max(4096);

export const backupFileChannels = {
  /** Lets the user choose a place, and writes; null = no place was chosen. @returns its path */
  'backupFiles.save': channel(nothing, z.string().nullable()),
  /** Lets the user choose a file; null = none was chosen. */
  'backupFiles.choose': channel(nothing, z.string().nullable()),
  /** What is in a file; changes nothing. */
  'backupFiles.look': channel(z.object({ path: pathSchema }), viewSchema),
  /**
   * Proves all of the file, then puts what is in it in place of what there is, and loads the page anew. What there was
   * is kept as a backup with its settings. Stops replies.
   */
  'backupFiles.restore': channel(z.object({ path: pathSchema }), restoredSchema),
  /** Ends saving or restoring; nothing was changed then. */
  'backupFiles.cancel': channel(nothing, z.void()),
} as const;

export type BackupContents = z.infer<typeof backupContentsSchema>;
export type BackupModel = z.infer<typeof backupModelSchema>;
export type BackupFileView = z.infer<typeof viewSchema>;

export type BackupFileEvents = {
  /** Several times a second; in bytes. */
  readonly 'backupFiles.progress': { readonly done: number; readonly total: number };
  /** The system opened such a file with the app. */
  readonly 'backupFiles.asked': { readonly path: string };
};
