/** Owns what main does for undo: the database does it, the page is told which chats and folders are others now. */
import { announceChats } from '../chat/announce.js';
import type { UndoRequest } from '../db/undo.js';
import type { Room, Rooms } from './handlers.js';

export function undoHandlers(rooms: Rooms): Room<'undo'> {
  const { db, runs, characters, promptSets, batches, broadcast } = rooms;
  const move = async (which: 'undo' | 'redo', stepId: number | null) => {
    const request: UndoRequest = { stepId, busyChatIds: runs.list().map(({ chatId }) => chatId) };
    const undone = await db[which](request);
    await announceChats(rooms, undone.chatIds);
    broadcast('folders.changed', await db.listFolders());
    await characters.tell();
    await promptSets.tell();
    await batches.tell();
    return undone;
  };
  return {
    'undo.undo': ({ stepId }) => move('undo', stepId),
    'undo.redo': ({ stepId }) => move('redo', stepId),
  };
}
