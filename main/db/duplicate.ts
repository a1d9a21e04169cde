/** Owns copying a chat, with its whole tree of messages or one path of it; never what of it is shown. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { newId } from './id.js';

/** Of a copy: its own place in the tree, and the columns of the original for everything else. */
const ownColumns = ['id', 'chat_id', 'parent_id'];

export function makeDuplicateQueries(db: Database) {
  const columnsOf = (table: string) =>
    db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  db.function('new_id', { deterministic: false }, newId);
  db.exec('CREATE TEMP TABLE copied_messages (old_id TEXT PRIMARY KEY, new_id TEXT NOT NULL) STRICT');
  // In the order of their ids, so that the copies have the order of the originals.
  const number = db.prepare(
    `INSERT INTO copied_messages SELECT id, new_id() FROM
       (SELECT id FROM messages WHERE chat_id = ? AND deleted_at IS NULL ORDER BY id)`,
  );
  const numberPath = db.prepare(
    `WITH RECURSIVE path(id) AS (
       VALUES (?)
       UNION SELECT messages.parent_id FROM path JOIN messages ON messages.id = path.id
       WHERE messages.parent_id IS NOT NULL
     )
     INSERT INTO copied_messages SELECT id, new_id() FROM (SELECT id FROM path ORDER BY id)`,
  );
  const forget = db.prepare('DELETE FROM copied_messages');
  const rest = columnsOf('messages').filter((name) => !ownColumns.includes(name));
  const copyMessages = db.prepare(
    `INSERT INTO messages (id, chat_id, parent_id, ${rest.join(', ')})
     SELECT copy.new_id, ?, parent.new_id, ${rest.map((name) => `messages.${name}`).join(', ')}
     FROM copied_messages AS copy JOIN messages ON messages.id = copy.old_id
     LEFT JOIN copied_messages AS parent ON parent.old_id = messages.parent_id`,
  );
  const ofFile = columnsOf('attachments').filter((name) => !['id', 'message_id'].includes(name));
  const copyAttachments = db.prepare(
    `INSERT INTO attachments (id, message_id, ${ofFile.join(', ')})
     SELECT new_id(), copy.new_id, ${ofFile.map((name) => `attachments.${name}`).join(', ')}
     FROM copied_messages AS copy JOIN attachments ON attachments.message_id = copy.old_id`,
  );
  const kept = columnsOf('chats').filter(
    (name) => !['id', 'title', 'title_by', 'created_at', 'updated_at', 'leaf_id', 'pinned_at'].includes(name),
  );
  const titleOf = db.prepare<[string], string>('SELECT title FROM chats WHERE id = ?').pluck();
  const copyChat = db.prepare(
    `INSERT INTO chats (id, title, title_by, created_at, updated_at, ${kept.join(', ')})
     SELECT ?, ?, 'user', ?, ?, ${kept.join(', ')} FROM chats WHERE id = ?`,
  );
  const setLeaf = db.prepare(
    `UPDATE chats SET leaf_id = (SELECT new_id FROM copied_messages WHERE old_id =
       ifnull(?, (SELECT leaf_id FROM chats WHERE id = ?))) WHERE id = ?`,
  );
  const copyTags = db.prepare(
    'INSERT INTO chat_tags (chat_id, tag) SELECT ?, tag FROM chat_tags WHERE chat_id = ?',
  );

  return {
    /** @param lastId only the path that ends with this message; null = everything @returns the id of the copy */
    duplicate: db.transaction((chatId: string, lastId: string | null): string => {
      const now = Date.now();
      const copyId = newId();
      // A reply may be copied before its question.
      db.pragma('defer_foreign_keys = ON');
      const name = titleOf.get(chatId)!;
      const title = lastId === null ? t('{name} (copy)', { name }) : t('{name} (branch)', { name });
      copyChat.run(copyId, title, now, now, chatId);
      if (lastId === null) number.run(chatId);
      else numberPath.run(lastId);
      copyMessages.run(copyId);
      copyAttachments.run();
      setLeaf.run(lastId, chatId, copyId);
      copyTags.run(copyId, chatId);
      forget.run();
      return copyId;
    }),
  };
}
