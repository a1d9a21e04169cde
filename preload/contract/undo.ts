/** Owns the channels and records of undo. */
import { z } from 'zod';
import { channel } from './channel.js';

/** Null `stepId` = the latest step; another one is refused unless it is the latest. */
const undoRequestSchema = z.object({ stepId: z.number().int().nullable() });

/** What was taken back or made again, so that the page can look at it anew. */
const undoneSchema = z.object({
  label: z.string(),
  /** The chats in which something changed. */
  chatIds: z.array(z.string()),
  /** Of these, the ones that are there again. */
  revivedChatIds: z.array(z.string()),
});

export const undoChannels = {
  /**
   * Takes the latest step back. A step whose data has changed since is given up as a whole.
   * @throws `busy` while a reply is written in one of its chats, `cannot-undo` when it can't be taken back any more
   */
  'undo.undo': channel(undoRequestSchema, undoneSchema),
  /** Makes the step that was taken back last again; errors as `undo.undo`. */
  'undo.redo': channel(undoRequestSchema, undoneSchema),
} as const;

/** One thing that the user changed. Ids rise with the time when it was done, undone or done again, in all databases. */
export type Step = { readonly id: number; readonly label: string };
export type Undone = z.infer<typeof undoneSchema>;

/** What can be taken back and made again next. */
export type UndoState = { readonly undo: Step | null; readonly redo: Step | null };
