/** Owns the rows of chats; never their messages. */
import type { Database } from 'better-sqlite3';
import type { Chat, ChatOptions, OverflowPolicy } from '../../preload/contract/chats.js';
import { AppError } from '../../preload/contract/errors.js';
import { newId } from './id.js';

type ChatRow = {
  id: string;
  title: string;
  created_at: number;
  updated_at: number;
  overflow: OverflowPolicy;
  start_reply_with: string;
};

const toChat = (row: ChatRow): Chat => ({
  id: row.id,
  title: row.title,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  overflow: row.overflow,
  startReplyWith: row.start_reply_with,
});

/** Title of a chat in which nothing was said. */
export const untitled = 'New chat';

export function makeChatQueries(db: Database) {
  const columns = 'id, title, created_at, updated_at, overflow, start_reply_with';
  const list = db.prepare<[], ChatRow>(
    `SELECT ${columns} FROM chats WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC`,
  );
  const get = db.prepare<[string], ChatRow>(
    `SELECT ${columns} FROM chats WHERE id = ? AND deleted_at IS NULL`,
  );
  const insert = db.prepare('INSERT INTO chats (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)');
  const rename = db.prepare('UPDATE chats SET title = ? WHERE id = ?');
  const setOptions = db.prepare('UPDATE chats SET overflow = ?, start_reply_with = ? WHERE id = ?');
  const setDeleted = db.prepare('UPDATE chats SET deleted_at = ? WHERE id = ?');
  const blank = db.prepare<[], ChatRow>(
    `SELECT ${columns} FROM chats WHERE deleted_at IS NULL AND leaf_id IS NULL ORDER BY updated_at DESC LIMIT 1`,
  );
  const renew = db.prepare(
    `UPDATE chats SET updated_at = ?, overflow = 'drop-oldest', start_reply_with = '' WHERE id = ?`,
  );

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
        renew.run(now, existing.id);
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
    setOptions(chatId: string, options: ChatOptions): Chat {
      const before = find(chatId);
      setOptions.run(
        options.overflow ?? before.overflow,
        options.startReplyWith ?? before.startReplyWith,
        chatId,
      );
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
