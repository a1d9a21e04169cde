/** Owns the rows of chats; never their messages. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import type { Chat, ChatOptions, OverflowPolicy } from '../../preload/contract/chats.js';
import type { ChatMode } from '../../preload/contract/character-limits.js';
import { AppError } from '../../preload/contract/errors.js';
import { emptyLevel, readLevel, type Level } from '../../preload/contract/levels.js';
import { newId } from './id.js';
import { untitled } from './title.js';

type ChatRow = {
  id: string;
  title: string;
  created_at: number;
  updated_at: number;
  overflow: OverflowPolicy;
  start_reply_with: string;
  folder_id: string | null;
  pinned_at: number | null;
  archived_at: number | null;
  /** A JSON array. */
  tags: string | null;
  level: string;
  character_id: string | null;
  persona_id: string | null;
  mode: ChatMode;
  chat_command: string;
};

const toChat = (row: ChatRow): Chat => ({
  id: row.id,
  title: row.title === untitled ? t('New chat') : row.title,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  overflow: row.overflow,
  startReplyWith: row.start_reply_with,
  folderId: row.folder_id,
  pinnedAt: row.pinned_at,
  archivedAt: row.archived_at,
  tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
  level: levelOf(row.level),
  characterId: row.character_id,
  personaId: row.persona_id,
  mode: row.mode,
  chatCommand: row.chat_command,
});

function levelOf(json: string): Level {
  if (json === '{}') return emptyLevel;
  try {
    return readLevel(JSON.parse(json));
  } catch {
    return emptyLevel;
  }
}

/** A chat with nothing of its own is told from others by '{}'. */
export function toJson(level: Level): string {
  const { presetId, systemPrompt, sampling } = level;
  const saysNothing = presetId === null && systemPrompt === null && Object.keys(sampling).length === 0;
  return saysNothing ? '{}' : JSON.stringify(level);
}

/** Who talks in a chat, and how it is written down. */
export type ChatCast = Pick<Chat, 'characterId' | 'personaId' | 'mode' | 'chatCommand'>;

export function makeChatQueries(db: Database) {
  const columns = `id, title, created_at, updated_at, overflow, start_reply_with, level, folder_id, pinned_at, archived_at,
    character_id, persona_id, mode, chat_command`;
  const ownTags =
    '(SELECT json_group_array(tag ORDER BY tag) FROM chat_tags WHERE chat_id = chats.id) AS tags';
  // All tags in one pass: a look-up for each of thousands of chats would cost more than the list itself.
  const list = db.prepare<[], ChatRow>(
    `SELECT ${columns}, tags FROM chats
     LEFT JOIN (SELECT chat_id, json_group_array(tag ORDER BY tag) AS tags FROM chat_tags GROUP BY chat_id) ON chat_id = id
     WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC`,
  );
  const get = db.prepare<[string], ChatRow>(
    `SELECT ${columns}, ${ownTags} FROM chats WHERE id = ? AND deleted_at IS NULL`,
  );
  const insert = db.prepare(
    `INSERT INTO chats (id, title, created_at, updated_at, title_by) VALUES (?, ?, ?, ?, 'words')`,
  );
  const rename = db.prepare(`UPDATE chats SET title = ?, title_by = 'user' WHERE id = ?`);
  const firstWords = db
    .prepare<[string], number>(
      `SELECT 1 FROM chats WHERE id = ? AND title_by = 'words' AND deleted_at IS NULL`,
    )
    .pluck();
  const setFound = db.prepare(
    `UPDATE chats SET title = ?, title_by = 'model' WHERE id = ? AND title_by = 'words'`,
  );
  const setOptions = db.prepare(
    'UPDATE chats SET overflow = ?, start_reply_with = ?, level = ? WHERE id = ?',
  );
  const setCast = db.prepare(
    'UPDATE chats SET character_id = ?, persona_id = ?, mode = ?, chat_command = ? WHERE id = ?',
  );
  const nameFirst = db.prepare('UPDATE chats SET title = ? WHERE id = ? AND title = ?');
  const blank = db
    .prepare<[], string>(
      `SELECT id FROM chats
       WHERE deleted_at IS NULL AND leaf_id IS NULL AND title_by = 'words' AND level = '{}'
         AND character_id IS NULL AND persona_id IS NULL AND mode = 'instruct'
         AND folder_id IS NULL AND pinned_at IS NULL AND archived_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM messages WHERE chat_id = chats.id)
         AND NOT EXISTS (SELECT 1 FROM chat_tags WHERE chat_id = chats.id)
         AND NOT EXISTS (SELECT 1 FROM drafts WHERE chat_id = chats.id)
         AND NOT EXISTS (SELECT 1 FROM draft_attachments WHERE chat_id = chats.id)
       ORDER BY updated_at DESC LIMIT 1`,
    )
    .pluck();
  const renew = db.prepare(
    `UPDATE chats SET updated_at = ?, overflow = 'drop-oldest', start_reply_with = '' WHERE id = ?`,
  );

  /** @throws AppError `not-found` */
  const find = (chatId: string): Chat => {
    const row = get.get(chatId);
    if (row === undefined) {
      throw new AppError({
        code: 'not-found',
        message: t('This chat no longer exists.'),
        hint: t('Choose another one.'),
      });
    }
    return toChat(row);
  };

  return {
    /** Newest first. */
    list: (): Chat[] => list.all().map(toChat),
    find,
    /** Those of the chats that are there. */
    findSome: (chatIds: readonly string[]): Chat[] =>
      chatIds.flatMap((chatId) => {
        const row = get.get(chatId);
        return row === undefined ? [] : [toChat(row)];
      }),
    /** An empty chat; one of which nothing was made yet is taken instead of piling up more. */
    create(): Chat {
      const now = Date.now();
      const existing = blank.get();
      if (existing !== undefined) {
        renew.run(now, existing);
        return find(existing);
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
    /** Whether nobody named the chat yet, neither the user nor a model. */
    hasFirstWordsAsTitle: (chatId: string): boolean => firstWords.get(chatId) !== undefined,
    /** A title that a model found; one that the user gave stays. @returns whether it is the title now */
    setFoundTitle: (chatId: string, title: string): boolean => setFound.run(title, chatId).changes > 0,
    /** @param name for a chat without one; null = none */
    setCast(
      chatId: string,
      { characterId, personaId, mode, chatCommand }: ChatCast,
      name: string | null,
    ): Chat {
      find(chatId);
      setCast.run(characterId, personaId, mode, chatCommand, chatId);
      if (name !== null) nameFirst.run(name, chatId, untitled);
      return find(chatId);
    },
    setOptions(chatId: string, options: ChatOptions): Chat {
      const before = find(chatId);
      setOptions.run(
        options.overflow ?? before.overflow,
        options.startReplyWith ?? before.startReplyWith,
        toJson(options.level ?? before.level),
        chatId,
      );
      return find(chatId);
    },
  };
}
