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
} as const;

export type Backup = z.infer<typeof backupSchema>;
export type BackupReason = z.infer<typeof backupReasonSchema>;
export type BackupList = z.infer<typeof backupListSchema>;
export type RecordCounts = z.infer<typeof countsSchema>;
export type Restored = z.infer<typeof restoredSchema>;
