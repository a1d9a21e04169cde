/** Owns what main does for the page's requests to change the shape of a chat, and to the trash. */
import { announceChats } from '../chat/announce.js';
import type { treeChannels } from '../../preload/contract/tree.js';
import type { Rooms } from './handlers.js';
import type { Handlers } from './router.js';

export function treeHandlers(rooms: Rooms): Handlers<keyof typeof treeChannels> {
  const { db, runs, broadcast } = rooms;
  /** Nothing is taken from under a reply that is being written. */
  const whileIdle = async (messageId: string): Promise<void> =>
    runs.requireIdle((await db.findMessage(messageId)).chatId);
  return {
    'messages.delete': async ({ messageId, alone }) => {
      await whileIdle(messageId);
      return db.removeMessage(messageId, alone);
    },
    'messages.prune': ({ chatId }) => {
      runs.requireIdle(chatId);
      return db.prune(chatId);
    },
    'messages.endWith': async ({ messageId }) => {
      await whileIdle(messageId);
      return db.endWith(messageId);
    },
    'messages.branch': async ({ messageId }) => {
      const chat = await db.branchChat(messageId);
      broadcast('chats.changed', { upserted: [chat], removed: [] });
      return chat;
    },
    'messages.revisions': ({ messageId }) => db.revisions(messageId),
    'messages.add': ({ chatId, role, text, attachments }) => runs.add(chatId, role, text, attachments),
    'trash.list': () => db.listTrash(),
    'trash.restore': async (selection) => {
      const chatIds = await db.restoreFromTrash(selection);
      await announceChats(rooms, chatIds);
      return chatIds;
    },
    'trash.delete': (selection) => db.removeForGood(selection),
  };
}
