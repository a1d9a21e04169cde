/** Owns what the page asks of the search and what it is told. */
import { z } from 'zod';
import { channel } from './channel.js';
import { idSchema } from './chats.js';

/** A piece of a text that was found; `isMatch` marks what was looked for. */
const snippetSchema = z.array(z.object({ text: z.string(), isMatch: z.boolean() }));

const hitSchema = z.object({
  messageId: idSchema,
  role: z.enum(['user', 'assistant']),
  model: z.string().nullable(),
  createdAt: z.number().int(),
  snippet: snippetSchema,
});

const foundChatSchema = z.object({
  chatId: idSchema,
  title: snippetSchema,
  isArchived: z.boolean(),
  updatedAt: z.number().int(),
  /** Best first; none when only the title was found. */
  hits: z.array(hitSchema),
});

const searchPageSchema = z.object({
  /** Best first. */
  chats: z.array(foundChatSchema),
  /** Where the search for older ones goes on; null when there are no more. */
  next: z.number().int().nullable(),
  /** How many messages the index has, of how many; null when it has all of them. */
  indexing: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
});

export const searchChannels = {
  /**
   * Searches all messages of all branches, and the titles, from the newest on; one answer takes some ms and ranks what it
   * found in them. @throws `cancelled` when a later question came before this one's turn
   */
  'search.find': channel(
    z.object({
      query: z.string().max(10_000),
      /** `next` of the answer before; null = from the newest on. */
      from: z.number().int().nullable(),
    }),
    searchPageSchema,
  ),
};

export type Snippet = z.infer<typeof snippetSchema>;
export type SearchHit = z.infer<typeof hitSchema>;
export type FoundChat = z.infer<typeof foundChatSchema>;
export type SearchPage = z.infer<typeof searchPageSchema>;
