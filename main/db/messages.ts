/** Owns the rows of messages and where each chat's active path ends; `paths.ts` reads the paths. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import {
  replyStatsSchema,
  type Inclusion,
  type Message,
  type ReplyStats,
} from '../../preload/contract/chats.js';
import { AppError } from '../../preload/contract/errors.js';
import type { AttachmentWithText } from '../../preload/contract/attachments.js';
import type { EarlierText } from '../../preload/contract/tree.js';
import { makeAttachmentQueries } from './attachments.js';
import { newId } from './id.js';
import { titleFrom, untitled } from './title.js';

export type MessageRow = {
  id: string;
  chat_id: string;
  parent_id: string | null;
  role: 'user' | 'assistant';
  text: string;
  inclusion: Inclusion;
  created_at: number;
  edited_at: number | null;
  model: string | null;
  stats: string | null;
  error: string | null;
};

export type NewMessage = {
  readonly chatId: string;
  readonly parentId: string | null;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly model: string | null;
  /** Absent = auto. */
  readonly inclusion?: Inclusion;
  readonly attachments?: readonly AttachmentWithText[];
};

export type ReplyUpdate = {
  readonly messageId: string;
  readonly text: string;
  readonly stats: ReplyStats | null;
  readonly error: string | null;
};

export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  chatId: row.chat_id,
  parentId: row.parent_id,
  // Whatever a damaged record says, it is shown.
  role: row.role === 'user' ? 'user' : 'assistant',
  text: row.text,
  inclusion: row.inclusion,
  createdAt: row.created_at,
  editedAt: row.edited_at,
  model: row.model,
  stats: parseStats(row.stats),
  error: row.error,
});

/** Unreadable statistics must not hide the message they belong to. */
function parseStats(json: string | null): ReplyStats | null {
  if (json === null) return null;
  try {
    return replyStatsSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

export function makeMessageQueries(db: Database) {
  const files = makeAttachmentQueries(db);
  const get = db.prepare<[string], MessageRow>('SELECT * FROM messages WHERE id = ? AND deleted_at IS NULL');
  const versions = db
    .prepare<[string, string | null], string>(
      `SELECT id FROM messages WHERE chat_id = ? AND parent_id IS ? AND deleted_at IS NULL
       ORDER BY created_at, id`,
    )
    .pluck();
  const insert = db.prepare(
    `INSERT INTO messages (id, chat_id, parent_id, role, text, created_at, model, inclusion)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const advance = db.prepare('UPDATE chats SET leaf_id = ?, updated_at = ? WHERE id = ?');
  const setLeaf = db.prepare('UPDATE chats SET leaf_id = ? WHERE id = ?');
  const setTitle = db.prepare(`UPDATE chats SET title = ? WHERE id = ? AND title = ? AND title_by = 'words'`);
  const setReply = db.prepare('UPDATE messages SET text = ?, stats = ?, error = ? WHERE id = ?');
  const setInclusion = db.prepare('UPDATE messages SET inclusion = ? WHERE id = ?');
  const keepPinned = db.prepare(
    `UPDATE chats SET overflow = 'keep-pinned' WHERE id = ? AND overflow = 'drop-oldest'`,
  );
  const revisions = db.prepare<[string], EarlierText>(
    'SELECT id, text, edited_at AS editedAt FROM revisions WHERE message_id = ? ORDER BY id DESC',
  );
  const setText = db.prepare('UPDATE messages SET text = ?, edited_at = ? WHERE id = ?');
  const keepRevision = db.prepare(
    'INSERT INTO revisions (message_id, text, edited_at) SELECT id, text, edited_at FROM messages WHERE id = ?',
  );

  // True too where nothing was said at all.
  const onlyGreeted = db
    .prepare<[string], number>(
      `SELECT 1 FROM chats LEFT JOIN messages ON messages.id = chats.leaf_id
       WHERE chats.id = ? AND (messages.id IS NULL OR (messages.parent_id IS NULL AND messages.role = 'assistant'))`,
    )
    .pluck();

  /** @throws AppError `not-found` */
  const find = (messageId: string): Message => {
    const row = get.get(messageId);
    if (row === undefined)
      throw new AppError({ code: 'not-found', message: t('This message no longer exists.') });
    return toMessage(row);
  };

  return {
    find,
    /** Adds a message and makes it the end of the active path. */
    add: db.transaction((message: NewMessage): Message => {
      const now = Date.now();
      const id = newId();
      const { chatId, parentId, role, text, model, inclusion = 'auto', attachments = [] } = message;
      insert.run(id, chatId, parentId, role, text, now, model, inclusion);
      files.add(id, attachments);
      advance.run(id, now, chatId);
      return find(id);
    }),
    /** The first words of the user name a chat that has no name yet. */
    nameChat({ chatId, role, text, attachments = [] }: NewMessage): void {
      if (role === 'user') setTitle.run(titleFrom(text || (attachments[0]?.name ?? '')), chatId, untitled);
    },
    /** The messages under the same parent, the oldest first. */
    versions: (chatId: string, parentId: string | null): string[] => versions.all(chatId, parentId),
    /** The texts that a message had before it was edited, the last one first. */
    revisions: (messageId: string): EarlierText[] => revisions.all(messageId),
    /** The text as it is now will be among the earlier ones. */
    keepRevision: (messageId: string): void => void keepRevision.run(messageId),
    /** Adds what a character may begin with, as versions of the first message; not where somebody spoke already. */
    addGreetings: db.transaction((chatId: string, texts: readonly string[]): void => {
      if (onlyGreeted.get(chatId) === undefined) return;
      const now = Date.now();
      const ids = texts.map((text, index) => {
        const id = newId();
        insert.run(id, chatId, null, 'assistant', text, now + index, null, 'auto');
        return id;
      });
      advance.run(ids[0], now, chatId);
    }),
    saveReply({ messageId, text, stats, error }: ReplyUpdate): void {
      setReply.run(text, stats === null ? null : JSON.stringify(stats), error, messageId);
    },
    /** Replaces the text; the one before is kept as a revision. */
    edit: db.transaction((messageId: string, text: string): Message => {
      find(messageId);
      keepRevision.run(messageId);
      setText.run(text, Date.now(), messageId);
      return find(messageId);
    }),
    /** Marks a message; the first pin of a chat makes it keep pinned messages. */
    setInclusion: db.transaction((messageId: string, inclusion: Inclusion): Message => {
      const { chatId } = find(messageId);
      setInclusion.run(inclusion, messageId);
      if (inclusion === 'pinned') keepPinned.run(chatId);
      return find(messageId);
    }),
    /** Makes a message part of the active path, followed by its newest descendants. */
    select: db.transaction((messageId: string): Message => {
      const message = find(messageId);
      let leaf = message.id;
      for (let next = versions.all(message.chatId, leaf).at(-1); next !== undefined;) {
        leaf = next;
        next = versions.all(message.chatId, leaf).at(-1);
      }
      setLeaf.run(leaf, message.chatId);
      return message;
    }),
  };
}
