/** Owns what the page may ask about the shape of a chat's tree of messages, and about the trash. */
import { z } from 'zod';
import { attachmentIdsSchema } from './attachments.js';
import { channel, nothing } from './channel.js';
import { chatSchema, idSchema, textSchema, threadSchema } from './chats.js';

const ofMessage = z.object({ messageId: idSchema });
const removedSchema = z.object({ thread: threadSchema, count: z.number().int() });

const earlierTextSchema = z.object({
  id: z.number().int(),
  text: z.string(),
  /** When this text was written in its turn; null = it is the first one. */
  editedAt: z.number().int().nullable(),
});

const trashItemSchema = z.object({
  kind: z.enum(['chat', 'message']),
  id: idSchema,
  chatId: idSchema,
  /** Of the chat. */
  title: z.string(),
  /** The first words of a message; empty for a chat. */
  words: z.string(),
  role: z.enum(['user', 'assistant']).nullable(),
  /** Messages in it, or that were removed with it. */
  count: z.number().int(),
  deletedAt: z.number().int(),
});

const trashSelectionSchema = z.object({
  chatIds: z.array(idSchema).max(1_000_000),
  messageIds: z.array(idSchema).max(1_000_000),
});

export const treeChannels = {
  /**
   * Puts a message into the trash, with all that follows it on every branch.
   * @param alone what followed it follows what was before it
   */
  'messages.delete': channel(ofMessage.extend({ alone: z.boolean() }), removedSchema),
  /** Puts every message of the chat into the trash that is not on the path that is shown. */
  'messages.prune': channel(z.object({ chatId: idSchema }), removedSchema),
  /** Ends the path that is shown with this message; what follows it stays, on a branch of its own. */
  'messages.endWith': channel(ofMessage, threadSchema),
  /** A new chat of the path up to this message. */
  'messages.branch': channel(ofMessage, chatSchema),
  /** The texts that a message had before it was edited, the last one first. */
  'messages.revisions': channel(ofMessage, z.array(earlierTextSchema)),
  /** Adds a message at the end of the path, of either side, and asks nobody to answer it. @param chatId null = a new chat */
  'messages.add': channel(
    z.object({
      chatId: idSchema.nullable(),
      role: z.enum(['user', 'assistant']),
      text: textSchema,
      attachments: attachmentIdsSchema.default([]),
    }),
    threadSchema,
  ),

  /** What was put there last comes first. */
  'trash.list': channel(nothing, z.array(trashItemSchema)),
  /** Answers with the chats in which something came back. */
  'trash.restore': channel(trashSelectionSchema, z.array(idSchema)),
  /** Deletes for good. */
  'trash.delete': channel(trashSelectionSchema, z.void()),
} as const;

export type EarlierText = z.infer<typeof earlierTextSchema>;
export type TrashItem = z.infer<typeof trashItemSchema>;
export type TrashSelection = z.infer<typeof trashSelectionSchema>;
