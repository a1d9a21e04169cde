/** Owns what the page may ask about the list of chats: their names, folders, tags, pins and the archive. */
import { t } from './language.js';
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { chatSchema, idSchema } from './chats.js';

const titleSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('A chat needs a name.') })
  .max(300, { error: () => t('This name is too long.') });
const folderNameSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('A folder needs a name.') })
  .max(100, { error: () => t('This name is too long.') });
const tagSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('A tag needs a name.') })
  .max(50, { error: () => t('This tag is too long.') });
const chatIdsSchema = z.array(idSchema).min(1).max(1_000_000);

const folderSchema = z.object({ id: idSchema, name: z.string() });

export const chatListChannels = {
  /** Used last first. */
  'chats.list': channel(nothing, z.array(chatSchema)),
  'chats.create': channel(nothing, chatSchema),
  /** The chat that is in memory alone; made when there is none. */
  'chats.openIncognito': channel(nothing, chatSchema),
  /** Forgets that chat and all that was said in it. */
  'chats.closeIncognito': channel(nothing, z.void()),
  'chats.rename': channel(z.object({ chatId: idSchema, title: titleSchema }), chatSchema),
  /** A chat of its own with all messages and versions of another. */
  'chats.duplicate': channel(z.object({ chatId: idSchema }), chatSchema),
  /** They are neither pinned nor archived any more. @param folderId null = in no folder */
  'chats.move': channel(z.object({ chatIds: chatIdsSchema, folderId: idSchema.nullable() }), z.void()),
  'chats.setPinned': channel(z.object({ chatIds: chatIdsSchema, pinned: z.boolean() }), z.void()),
  'chats.setArchived': channel(z.object({ chatIds: chatIdsSchema, archived: z.boolean() }), z.void()),
  'chats.tag': channel(
    z.object({ chatIds: chatIdsSchema, add: z.array(tagSchema), remove: z.array(tagSchema) }),
    z.void(),
  ),
  /** Hides the chats; everything in them stays. */
  'chats.delete': channel(z.object({ chatIds: chatIdsSchema }), z.void()),

  /** In the order that the user gave them. */
  'folders.list': channel(nothing, z.array(folderSchema)),
  'folders.create': channel(z.object({ name: folderNameSchema }), folderSchema),
  'folders.rename': channel(z.object({ folderId: idSchema, name: folderNameSchema }), z.void()),
  /** Its chats stay, in no folder. */
  'folders.delete': channel(z.object({ folderId: idSchema }), z.void()),
  /** @param folderIds all of them, in their new order */
  'folders.reorder': channel(z.object({ folderIds: z.array(idSchema) }), z.void()),
} as const;

/** Entries of the list that are new or other ones, and those that left it. */
export type ChatsChange = {
  readonly upserted: readonly z.infer<typeof chatSchema>[];
  readonly removed: readonly string[];
};
export type Folder = z.infer<typeof folderSchema>;
