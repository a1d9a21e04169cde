/** Owns reading the active path of a chat, or a part of it, at a cost that depends on that part alone; changes nothing. */
import type { Database } from 'better-sqlite3';
import type { Attachment } from '../../preload/contract/attachments.js';
import type { OutlineMessage, PathMessage } from '../../preload/contract/chats.js';
import { attachmentColumns, toAttachment, type AttachmentRow } from './attachments.js';
import { toMessage, type MessageRow } from './messages.js';

/** Which part of the path that ends at `leaf`. */
type Part = {
  readonly chatId: string;
  readonly leaf: string | null;
  /** The oldest message of the part; null = the first one of the path. */
  readonly first: string | null;
  /** At most so many, counted from the leaf. */
  readonly count: number;
};

export function makePathQueries(db: Database) {
  // Stays in its chat, and ends, also where a damaged record points elsewhere or back.
  const part = `
    WITH RECURSIVE path(id, parent_id, depth) AS (
      SELECT id, parent_id, 0 FROM messages WHERE id = @leaf AND chat_id = @chatId
      UNION ALL
      SELECT messages.id, messages.parent_id, depth + 1 FROM path JOIN messages ON messages.id = path.parent_id
      WHERE path.id IS NOT @first AND messages.chat_id = @chatId
      LIMIT @count
    )`;
  const rows = db.prepare<[Part], MessageRow>(
    `${part} SELECT messages.* FROM path JOIN messages ON messages.id = path.id ORDER BY depth`,
  );
  // All at once: a query for each message is what makes a long chat slow to open.
  const versions = db.prepare<[Part], { parent_id: string | null; id: string }>(`
    ${part}
    SELECT messages.parent_id, messages.id FROM (SELECT DISTINCT parent_id FROM path) AS path
    JOIN messages ON messages.chat_id = @chatId AND messages.parent_id IS path.parent_id
    WHERE messages.deleted_at IS NULL
    ORDER BY messages.created_at, messages.id`);
  const files = db.prepare<[Part], AttachmentRow>(`
    ${part}
    SELECT ${attachmentColumns} FROM (SELECT DISTINCT id FROM path) AS path
    JOIN attachments ON attachments.message_id = path.id
    ORDER BY attachments.position`);
  const outline = db.prepare<[Part], OutlineMessage>(
    `${part} SELECT messages.id, role, inclusion FROM path JOIN messages ON messages.id = path.id ORDER BY depth DESC`,
  );
  const size = db.prepare<[string], number>('SELECT count(*) FROM messages WHERE chat_id = ?').pluck();
  const leaf = db.prepare<[string], string | null>('SELECT leaf_id FROM chats WHERE id = ?').pluck();

  const read = (chatId: string, asked: { leaf?: string; first?: string; count?: number }): PathMessage[] => {
    const wanted: Part = {
      chatId,
      leaf: asked.leaf ?? leaf.get(chatId) ?? null,
      first: asked.first ?? null,
      count: asked.count ?? size.get(chatId)!,
    };
    const siblings = new Map<string | null, string[]>();
    for (const { parent_id, id } of versions.iterate(wanted)) {
      const known = siblings.get(parent_id);
      if (known === undefined) siblings.set(parent_id, [id]);
      else known.push(id);
    }
    const attached = new Map<string, Attachment[]>();
    for (const row of files.iterate(wanted)) {
      const known = attached.get(row.message_id);
      if (known === undefined) attached.set(row.message_id, [toAttachment(row)]);
      else known.push(toAttachment(row));
    }
    const seen = new Set<string>();
    const path: PathMessage[] = [];
    for (const row of rows.iterate(wanted)) {
      if (seen.has(row.id)) break;
      seen.add(row.id);
      path.push({
        ...toMessage(row),
        versionIds: siblings.get(row.parent_id) ?? [row.id],
        attachments: attached.get(row.id) ?? [],
      });
    }
    const oldest = path.at(-1);
    // Nothing is before it, whatever it says.
    const isWhole = asked.count === undefined || path.length < asked.count;
    if (oldest !== undefined && isWhole && oldest.id !== asked.first) oldest.parentId = null;
    return path.reverse();
  };

  return {
    /** All of the active path without its texts, oldest first. */
    outline: (chatId: string): OutlineMessage[] =>
      outline.all({ chatId, leaf: leaf.get(chatId) ?? null, first: null, count: size.get(chatId)! }),
    /** The active path, or at most so many of its last messages; oldest first. */
    last: (chatId: string, count?: number): PathMessage[] =>
      read(chatId, count === undefined ? {} : { count }),
    /** The end of the active path, from this message on; all of it when the message is not on it. */
    from: (chatId: string, messageId: string): PathMessage[] => read(chatId, { first: messageId }),
    /** At most so many messages that end with this one, oldest first. */
    upTo: (chatId: string, messageId: string, count: number): PathMessage[] =>
      read(chatId, { leaf: messageId, count }),
  };
}
