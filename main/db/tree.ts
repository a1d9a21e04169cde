/**
 * Owns what changes the shape of a chat's tree of messages: removing, pruning, ending and branching; never a text. What
 * is removed goes to the trash, always with everything below it.
 */
import type { Database } from 'better-sqlite3';
import type { Message } from '../../preload/contract/chats.js';
import { makeMessageQueries } from './messages.js';

/** Where a chat stands after a removal. */
export type Removed = {
  readonly chatId: string;
  /** Messages that went. */
  readonly count: number;
};

/**
 * The head of a statement about a message and what is below it.
 * @param first @param chat SQL of their ids
 * @param deleted what `deleted_at` of those below is: a condition
 */
export const below = (first: string, chat: string, deleted: string): string => `
  WITH RECURSIVE below(id) AS (
    VALUES (${first})
    UNION SELECT messages.id FROM below JOIN messages
      ON messages.chat_id = ${chat} AND messages.parent_id = below.id
    WHERE messages.deleted_at ${deleted}
  )`;

export function makeTreeQueries(db: Database) {
  const messages = makeMessageQueries(db);
  const trashBelow = db.prepare<[{ id: string; chatId: string; nowMs: number }]>(
    `${below('@id', '@chatId', 'IS NULL')} UPDATE messages SET deleted_at = @nowMs WHERE id IN (SELECT id FROM below)`,
  );
  const trashOne = db.prepare('UPDATE messages SET deleted_at = ? WHERE id = ?');
  const lift = db.prepare('UPDATE messages SET parent_id = ? WHERE parent_id = ? AND deleted_at IS NULL');
  const leaf = db.prepare<[string], string | null>('SELECT leaf_id FROM chats WHERE id = ?').pluck();
  const setLeaf = db.prepare('UPDATE chats SET leaf_id = ? WHERE id = ?');
  const isThere = db
    .prepare<[string], number>('SELECT 1 FROM messages WHERE id = ? AND deleted_at IS NULL')
    .pluck();
  const onPath = db
    .prepare<[string], string>(
      `WITH RECURSIVE path(id, parent_id) AS (
         SELECT messages.id, messages.parent_id FROM chats JOIN messages ON messages.id = chats.leaf_id
           WHERE chats.id = ?
         UNION SELECT messages.id, messages.parent_id FROM path JOIN messages ON messages.id = path.parent_id
       )
       SELECT id FROM path`,
    )
    .pluck();
  const branches = db.prepare<[string], { id: string; parent_id: string | null }>(
    'SELECT id, parent_id FROM messages WHERE chat_id = ? AND deleted_at IS NULL',
  );

  /** Where the path ended in what is gone now, it ends in a version beside it, or in what was before it. */
  function mendLeaf({ chatId, parentId, id }: Message): void {
    const end = leaf.get(chatId) ?? null;
    if (end !== null && isThere.get(end) !== undefined) return;
    const left = messages.versions(chatId, parentId);
    // The version before it, else the one after it: ids are ordered by time.
    const next = left.filter((other) => other < id).at(-1) ?? left[0];
    if (next === undefined) setLeaf.run(parentId, chatId);
    else messages.select(next);
  }

  return {
    /** Removes a message with all that follows it, on every branch. @throws AppError `not-found` */
    remove: db.transaction((messageId: string): Removed => {
      const message = messages.find(messageId);
      const { id, chatId } = message;
      const { changes: count } = trashBelow.run({ id, chatId, nowMs: Date.now() });
      mendLeaf(message);
      return { chatId, count };
    }),
    /** Removes a message alone: what followed it follows what was before it. @throws AppError `not-found` */
    removeAlone: db.transaction((messageId: string): Removed => {
      const message = messages.find(messageId);
      const { chatId, parentId, id } = message;
      trashOne.run(Date.now(), id);
      lift.run(parentId, id);
      mendLeaf(message);
      return { chatId, count: 1 };
    }),
    /** Removes everything that is not on the active path. */
    prune: db.transaction((chatId: string): Removed => {
      const kept = new Set(onPath.all(chatId));
      const nowMs = Date.now();
      // With the first message of each branch goes all of it.
      const firsts = branches
        .all(chatId)
        .filter(({ id, parent_id }) => !kept.has(id) && (parent_id === null || kept.has(parent_id)));
      const counts = firsts.map(({ id }) => trashBelow.run({ id, chatId, nowMs }).changes);
      return { chatId, count: counts.reduce((sum, one) => sum + one, 0) };
    }),
    /** Ends the active path with this message; what follows it stays, on a branch. @throws AppError `not-found` */
    endWith: db.transaction((messageId: string): Message => {
      const message = messages.find(messageId);
      setLeaf.run(message.id, message.chatId);
      return message;
    }),
  };
}
