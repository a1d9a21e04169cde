/** Owns the records of backups as they cross IPC, and their channels. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';

const backupReasonSchema = z.enum([
  'daily',
  /** Made by the user. */
  'manual',
  /** Before a newer version of the app changed the database. */
  'update',
  /** Of what was there before a restore. */
  'restore',
]);

const countsSchema = z.object({ chats: z.number().int(), messages: z.number().int() });

const backupSchema = countsSchema.extend({
  /** The name of its file. */
  id: z.string().min(1).max(200),
  madeAt: z.number().int(),
  reason: backupReasonSchema,
  /** Of the database, which each update of its tables raises. */
  version: z.number().int(),
  sizeBytes: z.number().int(),
});

const backupListSchema = z.object({
  /** Newest first. */
  backups: z.array(backupSchema),
  /** What is in the database now; null when it can't be read. */
  present: countsSchema.nullable(),
  folder: z.string(),
});

/** What a restore came to. */
export const restoredSchema = z.object({
  /** What was added of the damaged database. */
  rescued: countsSchema,
  /** Where the damaged database was put; null when the present one is among the backups. */
  keptAside: z.string().nullable(),
});

/** What a crash drill found. */
const drillOutcomeSchema = z.object({
  kills: z.number().int(),
  /** Of the user's, in the copy. */
  chats: z.number().int(),
  /** That had been saved by the writer. */
  messages: z.number().int(),
  /** Chats and messages that were saved and are gone. */
  lost: z.number().int(),
  /** How often the file was not sound after a kill. */
  unsound: z.number().int(),
});

export const backupChannels = {
  'backups.list': channel(nothing, backupListSchema),
  /** Null when there is nothing to keep yet. */
  'backups.make': channel(nothing, backupSchema.nullable()),
  /**
   * Puts a backup, or an empty database, in place of the present one, and loads the page anew. The present one is kept:
   * as a backup, or aside as it is when it is damaged. `rescue` adds what can be read of a damaged one. Stops replies.
   */
  'backups.restore': channel(
    z.object({ id: backupSchema.shape.id.nullable(), rescue: z.boolean() }),
    restoredSchema,
  ),
  /** Makes what can't be reached of damaged records reachable again, after a backup. @returns how many there were */
  'backups.mend': channel(nothing, z.object({ mended: z.number().int() })),
  'backups.openFolder': channel(nothing, z.void()),
  /** Kills a program that writes into a copy of the chats; its progress comes as `drill.progress`. @throws busy, cancelled */
  'drill.run': channel(z.object({ kills: z.number().int().min(1).max(1000) }), drillOutcomeSchema),
  'drill.stop': channel(nothing, z.void()),
} as const;

/** Broadcasts: main tells the page. */
export type BackupEvents = { /** Kills so far. */ readonly 'drill.progress': number };

export type DrillOutcome = z.infer<typeof drillOutcomeSchema>;
export type Backup = z.infer<typeof backupSchema>;
export type BackupReason = z.infer<typeof backupReasonSchema>;
export type BackupList = z.infer<typeof backupListSchema>;
export type RecordCounts = z.infer<typeof countsSchema>;
export type Restored = z.infer<typeof restoredSchema>;
