/** Owns what lies in the trash: lists it, brings it back, deletes it for good; never puts anything there. */
import type { Database } from 'better-sqlite3';
import { trashDays } from '../../preload/contract/trash-days.js';
import type { TrashItem, TrashSelection } from '../../preload/contract/tree.js';
import { titleFrom } from './title.js';
import { below } from './tree.js';

type ChatRow = { id: string; title: string; deleted_at: number; count: number };
type MessageRow = {
  id: string;
  chat_id: string;
  title: string;
  role: 'user' | 'assistant';
  text: string;
  deleted_at: number;
  count: number;
};

const dayMs = 86_400_000;
/** Chats that are deleted at once: so long the database thread does nothing else. */
const chatsAtOnce = 20;
const messagesAtOnce = 1000;

export function makeTrashQueries(db: Database) {
  const chats = db.prepare<[], ChatRow>(
    `SELECT id, title, deleted_at, (SELECT count(*) FROM messages WHERE chat_id = chats.id) AS count
     FROM chats WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC`,
  );
  // What was removed together is one item, told by its first message.
  const messages = db.prepare<[], MessageRow>(
    `SELECT first.id, first.chat_id, chats.title, first.role, substr(first.text, 1, 500) AS text, first.deleted_at,
       (${below('first.id', 'first.chat_id', '= first.deleted_at')} SELECT count(*) FROM below) AS count
     FROM messages AS first JOIN chats ON chats.id = first.chat_id
     LEFT JOIN messages AS parent ON parent.id = first.parent_id
     WHERE first.deleted_at IS NOT NULL AND chats.deleted_at IS NULL
       AND parent.deleted_at IS NOT first.deleted_at
     ORDER BY first.deleted_at DESC, first.id DESC`,
  );
  const deletedAt = db.prepare<[string], number | null>('SELECT deleted_at FROM chats WHERE id = ?').pluck();
  // Messages that went with their chat, as those of a copy do that is undone, come back with it.
  const restoreWith = db.prepare(
    'UPDATE messages SET deleted_at = NULL WHERE chat_id = ? AND deleted_at = ?',
  );
  const restoreChat = db.prepare('UPDATE chats SET deleted_at = NULL WHERE id = ?');
  const message = db.prepare<
    [string],
    { chat_id: string; parent_id: string | null; deleted_at: number | null }
  >('SELECT chat_id, parent_id, deleted_at FROM messages WHERE id = ?');
  const restoreOne = db.prepare('UPDATE messages SET deleted_at = NULL WHERE id = ?');
  const restoreBelow = db.prepare<[{ id: string; chatId: string; deletedAt: number }]>(
    `${below('@id', '@chatId', '= @deletedAt')}
     UPDATE messages SET deleted_at = NULL WHERE id IN (SELECT id FROM below)`,
  );
  /** A chat that shows nothing shows what came back. */
  const showSomething = db.prepare(
    `UPDATE chats SET leaf_id =
       (SELECT max(id) FROM messages WHERE chat_id = chats.id AND deleted_at IS NULL)
     WHERE id = ? AND leaf_id IS NULL`,
  );
  const removeChat = db.prepare('DELETE FROM chats WHERE id = ? AND deleted_at IS NOT NULL');
  const removeMessage = db.prepare('DELETE FROM messages WHERE id = ? AND deleted_at IS NOT NULL');
  const oldChats = db
    .prepare<[number], string>(`SELECT id FROM chats WHERE deleted_at < ? LIMIT ${chatsAtOnce}`)
    .pluck();
  const oldMessages = db
    .prepare<[number], string>(`SELECT id FROM messages WHERE deleted_at < ? LIMIT ${messagesAtOnce}`)
    .pluck();

  // They are not shown there; undo alone brings them back.
  const removeOldMatches = db.prepare<[number]>(
    `DELETE FROM matches WHERE id IN (SELECT id FROM matches WHERE deleted_at < ? LIMIT ${chatsAtOnce})`,
  );
  const removeOldVotes = db.prepare<[number]>('DELETE FROM votes WHERE deleted_at < ?');
  const lastUse = db.prepare<[], number | null>('SELECT max(updated_at) FROM chats').pluck();

  /** The first message that lies in the trash above this one comes back too: without it this one is in no path. */
  function restoreAbove(messageId: string | null): void {
    for (let id = messageId; id !== null;) {
      const row = message.get(id);
      if (row === undefined || row.deleted_at === null) return;
      restoreOne.run(id);
      id = row.parent_id;
    }
  }

  const removeForGood = db.transaction(({ chatIds, messageIds }: TrashSelection): void => {
    for (const id of chatIds) removeChat.run(id);
    for (const id of messageIds) removeMessage.run(id);
  });

  return {
    /** What was put there last comes first. */
    list(): TrashItem[] {
      const items: TrashItem[] = [
        ...chats.all().map(({ id, title, deleted_at, count }): TrashItem => ({
          ...{ kind: 'chat', id, chatId: id, title, words: '', role: null },
          ...{ count, deletedAt: deleted_at },
        })),
        ...messages.all().map(({ id, chat_id, title, role, text, deleted_at, count }): TrashItem => ({
          ...{ kind: 'message', id, chatId: chat_id, title, words: titleFrom(text), role },
          ...{ count, deletedAt: deleted_at },
        })),
      ];
      return items.sort((a, b) => b.deletedAt - a.deletedAt);
    },
    /** @returns the chats in which something came back */
    restore: db.transaction(({ chatIds, messageIds }: TrashSelection): string[] => {
      const touched = new Set<string>();
      for (const id of chatIds) {
        const at = deletedAt.get(id) ?? null;
        if (at === null) continue;
        restoreWith.run(id, at);
        restoreChat.run(id);
        touched.add(id);
      }
      for (const id of messageIds) {
        const row = message.get(id);
        if (row === undefined || row.deleted_at === null) continue;
        restoreBelow.run({ id, chatId: row.chat_id, deletedAt: row.deleted_at });
        restoreAbove(row.parent_id);
        touched.add(row.chat_id);
      }
      for (const id of touched) showSomething.run(id);
      return [...touched];
    }),
    /** Only what lies in the trash; it does not come back. */
    removeForGood,
    /**
     * Deletes for good some of what lies there for its time. Days count only up to the last use of a chat: a clock that
     * jumps ahead would empty the trash at once. @returns whether there was anything
     */
    removeOld(nowMs: number): boolean {
      const beforeMs = Math.min(nowMs, lastUse.get() ?? 0) - trashDays * dayMs;
      const selection = { chatIds: oldChats.all(beforeMs), messageIds: oldMessages.all(beforeMs) };
      removeForGood(selection);
      removeOldVotes.run(beforeMs);
      const { changes: matches } = removeOldMatches.run(beforeMs);
      return selection.chatIds.length + selection.messageIds.length + matches > 0;
    },
  };
}
