/** Owns the rows of chats; never their messages. */
import type { Database } from 'better-sqlite3';
import type { Chat } from '../../preload/contract/chats.js';
import { AppError } from '../../preload/contract/errors.js';
import { newId } from './id.js';

type ChatRow = { id: string; title: string; created_at: number; updated_at: number };

const toChat = (row: ChatRow): Chat => ({
  id: row.id,
  title: row.title,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** Title of a chat in which nothing was said. */
export const untitled = 'New chat';

export function makeChatQueries(db: Database) {
  const columns = 'id, title, created_at, updated_at';
  const list = db.prepare<[], ChatRow>(
    `SELECT ${columns} FROM chats WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC`,
  );
  const get = db.prepare<[string], ChatRow>(
    `SELECT ${columns} FROM chats WHERE id = ? AND deleted_at IS NULL`,
  );
  const insert = db.prepare('INSERT INTO chats (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)');
  const rename = db.prepare('UPDATE chats SET title = ? WHERE id = ?');
  const setDeleted = db.prepare('UPDATE chats SET deleted_at = ? WHERE id = ?');
  const blank = db.prepare<[], ChatRow>(
    `SELECT ${columns} FROM chats WHERE deleted_at IS NULL AND leaf_id IS NULL ORDER BY updated_at DESC LIMIT 1`,
  );
  const touch = db.prepare('UPDATE chats SET updated_at = ? WHERE id = ?');

  /** @throws AppError `not-found` */
  const find = (chatId: string): Chat => {
    const row = get.get(chatId);
    if (row === undefined) {
      throw new AppError({
        code: 'not-found',
        message: 'This chat no longer exists.',
        hint: 'Choose another one.',
      });
    }
    return toChat(row);
  };

  return {
    /** Newest first. */
    list: (): Chat[] => list.all().map(toChat),
    find,
    /** An empty chat; one that is there already is taken instead of piling up more. */
    create(): Chat {
      const now = Date.now();
      const existing = blank.get();
      if (existing !== undefined) {
        touch.run(now, existing.id);
        return find(existing.id);
      }
      const id = newId();
      insert.run(id, untitled, now, now);
      return find(id);
    },
    rename(chatId: string, title: string): Chat {
      find(chatId);
      rename.run(title, chatId);
      return find(chatId);
    },
    /** Hides the chat; everything in it stays. */
    remove(chatId: string): void {
      find(chatId);
      setDeleted.run(Date.now(), chatId);
    },
    restore(chatId: string): Chat {
      setDeleted.run(null, chatId);
      return find(chatId);
    },
  };
}
