/** Owns what stands in a backup that is one file: a zip of the parts that are named here; never how it is written or read. */
import { z } from 'zod';
import { backupContentsSchema } from '../../../preload/contract/backup-files.js';

/** The parts by what they are; `manifest` says of each of the others what it must be. */
export const partNames = {
  manifest: 'manifest.json',
  database: 'altiplano.db',
  settings: 'settings.json',
  models: 'models.json',
} as const;

/** What `format` says in every manifest. */
export const backupFormat = 'altiplano-backup';

/** Rises when a reader of the version before would take a file wrongly; it refuses a later one. */
export const backupVersion = 1;

const partSchema = z.object({
  name: z.enum([partNames.database, partNames.settings, partNames.models]),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[\da-f]{64}$/),
});

export const manifestSchema = z.object({
  format: z.literal(backupFormat),
  version: z.number().int().min(1),
  /** The version of Altiplano that wrote it. */
  app: z.string().max(100),
  /** In ms since 1970. */
  madeAt: z.number().int(),
  /** Of its tables, which updates of them raise. */
  databaseVersion: z.number().int(),
  contents: backupContentsSchema,
  parts: z.array(partSchema).length(3),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Part = z.infer<typeof partSchema>;
