/** Owns what the page may ask about all messages of a chat at once, on whatever branch. */
import { z } from 'zod';
import { channel } from './channel.js';
import { idSchema } from './chats.js';

const treeMessageSchema = z.object({
  id: idSchema,
  /** Null = a branch begins with it. It stands before the message in the list. */
  parentId: idSchema.nullable(),
  role: z.enum(['user', 'assistant']),
  /** Its first words. */
  start: z.string(),
  createdAt: z.number().int(),
  model: z.string().nullable(),
  /** Of its text, in characters. */
  length: z.number().int(),
  /** Whether it is on the active path. */
  isOnPath: z.boolean(),
});

const foundMessageSchema = z.object({
  messageId: idSchema,
  /** How often it was found in the message; at least once. */
  count: z.number().int(),
  isOnPath: z.boolean(),
});

export const branchChannels = {
  /** All messages, each after what it follows, a branch as a whole before the next one, versions by their age. */
  'chats.tree': channel(z.object({ chatId: idSchema }), z.array(treeMessageSchema)),
  /** The messages in which a text stands, in the order of `chats.tree`. */
  'chats.find': channel(
    z.object({ chatId: idSchema, text: z.string().max(1000) }),
    z.array(foundMessageSchema),
  ),
};

export type TreeMessage = z.infer<typeof treeMessageSchema>;
export type FoundMessage = z.infer<typeof foundMessageSchema>;
