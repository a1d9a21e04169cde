/** Owns where chats stand in the list: folder, pin, archive and tags; never their names. */
import type { Database } from 'better-sqlite3';

/** Chats named by a JSON array of ids: one statement however many they are. */
const these = 'id IN (SELECT value FROM json_each(?))';

export function makeOrganiseQueries(db: Database) {
  const move = db.prepare(
    `UPDATE chats SET folder_id = ?, pinned_at = NULL, archived_at = NULL WHERE ${these}`,
  );
  const pin = db.prepare(
    `UPDATE chats SET pinned_at = ?, archived_at = NULL WHERE ${these} AND pinned_at IS NULL`,
  );
  const unpin = db.prepare(`UPDATE chats SET pinned_at = NULL WHERE ${these}`);
  const archive = db.prepare(`UPDATE chats SET archived_at = ? WHERE ${these} AND archived_at IS NULL`);
  const unarchive = db.prepare(`UPDATE chats SET archived_at = NULL WHERE ${these}`);
  const remove = db.prepare(`UPDATE chats SET deleted_at = ? WHERE ${these} AND deleted_at IS NULL`);
  const addTag = db.prepare(
    `INSERT OR IGNORE INTO chat_tags (chat_id, tag) SELECT id, ? FROM chats WHERE ${these}`,
  );
  const removeTag = db.prepare(
    'DELETE FROM chat_tags WHERE tag = ? AND chat_id IN (SELECT value FROM json_each(?))',
  );

  return {
    /** They come to lie there, and are neither pinned nor archived any more. @param folderId null = into no folder */
    moveChats: (chatIds: readonly string[], folderId: string | null): void =>
      void move.run(folderId, JSON.stringify(chatIds)),
    setChatsPinned: (chatIds: readonly string[], pinned: boolean): void =>
      void (pinned ? pin.run(Date.now(), JSON.stringify(chatIds)) : unpin.run(JSON.stringify(chatIds))),
    setChatsArchived: (chatIds: readonly string[], archived: boolean): void =>
      void (archived
        ? archive.run(Date.now(), JSON.stringify(chatIds))
        : unarchive.run(JSON.stringify(chatIds))),
    tagChats: db.transaction(
      (chatIds: readonly string[], add: readonly string[], drop: readonly string[]): void => {
        const ids = JSON.stringify(chatIds);
        for (const tag of add) addTag.run(tag, ids);
        for (const tag of drop) removeTag.run(tag, ids);
      },
    ),
    /** Hides the chats; everything in them stays. */
    removeChats: (chatIds: readonly string[]): void => void remove.run(Date.now(), JSON.stringify(chatIds)),
  };
}
