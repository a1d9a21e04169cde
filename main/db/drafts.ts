/** Owns the rows of drafts; undo knows nothing of them: a text field has an undo of its own. */
import type { Database } from 'better-sqlite3';
import type { Draft } from '../../preload/contract/drafts.js';

export function makeDraftQueries(db: Database) {
  const list = db.prepare<[], Draft>('SELECT chat_id AS chatId, text FROM drafts');
  const remove = db.prepare('DELETE FROM drafts WHERE chat_id IS ?');
  // A chat may be deleted for good while its draft is on its way.
  const insert = db.prepare<[{ chatId: string | null; text: string }]>(
    `INSERT INTO drafts (chat_id, text) SELECT @chatId, @text
     WHERE @chatId IS NULL OR EXISTS (SELECT 1 FROM chats WHERE id = @chatId)`,
  );
  return {
    listDrafts: (): Draft[] => list.all(),
    /** An empty text takes the draft away. @param chatId null = the chat that is not made yet */
    saveDraft: db.transaction((chatId: string | null, text: string): void => {
      remove.run(chatId);
      if (text !== '') insert.run({ chatId, text });
    }),
  };
}
