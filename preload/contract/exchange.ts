/** Owns the records of exports as they cross IPC, and their channels. */
import { z } from 'zod';
import { channel } from './channel.js';
import { idSchema } from './chats.js';
import { exportFormatIds, exportTargets } from './export-formats.js';

/** What is exported. */
const exportScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), chatId: idSchema, messageId: idSchema }),
  /** In the order of the list. */
  z.object({ kind: z.literal('chats'), chatIds: z.array(idSchema).min(1).max(1_000_000).readonly() }),
  z.object({ kind: z.literal('folder'), folderId: idSchema }),
  /** All chats, those in the archive too; never the incognito one. */
  z.object({ kind: z.literal('everything') }),
]);

/** How it is exported; remembered for the next time. */
export const exportChoiceSchema = z.object({
  format: z.enum(exportFormatIds),
  /** All versions and branches; otherwise the path that is shown. */
  branches: z.boolean(),
  /** Times, models and measurements. */
  metadata: z.boolean(),
});

const exportRequestSchema = exportChoiceSchema.extend({ scope: exportScopeSchema });

const countsSchema = z.object({ chats: z.number().int(), messages: z.number().int() });

const exportPreviewSchema = countsSchema.extend({
  files: z.number().int(),
  fileName: z.string(),
  /** The first lines; of what is drawn, the words. */
  text: z.string(),
  isCut: z.boolean(),
});

export const exportChannels = {
  'exports.preview': channel(exportRequestSchema, exportPreviewSchema),
  /**
   * Lets the user choose a place, and writes; null = no place was chosen. The clipboard gets its text from the page. Its
   * progress comes as `exports.progress`. @param id the page's, for `exports.cancel`
   */
  'exports.start': channel(
    exportRequestSchema.extend({ id: idSchema, target: z.enum(exportTargets) }),
    countsSchema.extend({ path: z.string().nullable(), text: z.string().nullable() }).nullable(),
  ),
  'exports.cancel': channel(z.object({ id: idSchema }), z.void()),
  /** Shows what was exported last in its folder. */
  'exports.showInFolder': channel(z.void(), z.void()),
} as const;

/** Broadcasts: main tells the page. */
export type ExportEvents = {
  /** Several times a second; in messages. */
  readonly 'exports.progress': { readonly id: string; readonly done: number; readonly total: number };
  /** Export was chosen in the menu of the window. */
  readonly 'exports.asked': null;
};

export type ExportScope = z.infer<typeof exportScopeSchema>;
export type ExportChoice = z.infer<typeof exportChoiceSchema>;
export type ExportRequest = z.infer<typeof exportRequestSchema>;
export type ExportPreview = z.infer<typeof exportPreviewSchema>;
