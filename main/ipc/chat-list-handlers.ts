/** Owns what main does for the page's requests to the list of chats and to its folders. */
import type { Chat } from '../../preload/contract/chats.js';
import { chatListChannels } from '../../preload/contract/chat-list.js';
import { announceChats } from '../chat/announce.js';
import type { Runs } from '../chat/runs.js';
import type { Database } from '../db/client.js';
import type { Incognito } from '../db/incognito.js';
import type { Broadcast, Handlers } from './router.js';

type ChatListRooms = {
  readonly db: Database;
  readonly incognito: Incognito;
  readonly runs: Pick<Runs, 'stopChat'>;
  readonly broadcast: Broadcast;
};

export function chatListHandlers(rooms: ChatListRooms): Handlers<keyof typeof chatListChannels> {
  const { db, incognito, runs, broadcast } = rooms;
  const changing = async (chatIds: readonly string[], work: Promise<void>): Promise<void> => {
    await work;
    await announceChats(rooms, chatIds);
  };
  const changed = async (work: Promise<Chat>): Promise<Chat> => {
    const chat = await work;
    broadcast('chats.changed', { upserted: [chat], removed: [] });
    return chat;
  };
  const changingFolders = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work;
    broadcast('folders.changed', await db.listFolders());
    return value;
  };
  return {
    'chats.list': async () => [...(await incognito.list()), ...(await db.listChats())],
    'chats.openIncognito': () => changed(incognito.open()),
    'chats.closeIncognito': async () => {
      const chatIds = (await incognito.list()).map(({ id }) => id);
      await Promise.all(chatIds.map((id) => runs.stopChat(id)));
      await incognito.close();
      broadcast('chats.changed', { upserted: [], removed: chatIds });
    },
    'chats.create': () => changed(db.createChat()),
    'chats.rename': ({ chatId, title }) => changed(db.renameChat(chatId, title)),
    'chats.duplicate': ({ chatId }) => changed(db.duplicateChat(chatId)),
    'chats.move': ({ chatIds, folderId }) => changing(chatIds, db.moveChats(chatIds, folderId)),
    'chats.setPinned': ({ chatIds, pinned }) => changing(chatIds, db.setChatsPinned(chatIds, pinned)),
    'chats.setArchived': ({ chatIds, archived }) => changing(chatIds, db.setChatsArchived(chatIds, archived)),
    'chats.tag': ({ chatIds, add, remove }) => changing(chatIds, db.tagChats(chatIds, add, remove)),
    'chats.delete': ({ chatIds }) => changing(chatIds, db.removeChats(chatIds)),
    'folders.list': () => db.listFolders(),
    'folders.create': ({ name }) => changingFolders(db.createFolder(name)),
    'folders.rename': ({ folderId, name }) => changingFolders(db.renameFolder(folderId, name)),
    'folders.delete': async ({ folderId }) =>
      announceChats(rooms, await changingFolders(db.removeFolder(folderId))),
    'folders.reorder': ({ folderIds }) => changingFolders(db.reorderFolders(folderIds)),
  };
}
