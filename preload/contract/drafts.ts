/** Owns the record of a draft and its channels. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';

/** What is being written in a chat and was not sent; chatId null = in the chat that is not made yet. */
const draftSchema = z.object({ chatId: idSchema.nullable(), text: z.string().max(10_000_000) });

export const draftChannels = {
  'drafts.list': channel(nothing, z.array(draftSchema)),
  /** An empty text takes the draft away. */
  'drafts.save': channel(draftSchema, z.void()),
} as const;

export type Draft = z.infer<typeof draftSchema>;
