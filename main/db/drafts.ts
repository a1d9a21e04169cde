/** Owns the rows of drafts and of the files attached to them; undo knows nothing of them: a text field has its own. */
import type { Database } from 'better-sqlite3';
import type { AttachmentWithText } from '../../preload/contract/attachments.js';
import type { Draft } from '../../preload/contract/drafts.js';
import { toAttachment, type AttachmentRow } from './attachments.js';

/** A file of the draft of a chat; chatId null = of the chat that is not made yet. */
export type DraftFile = { readonly chatId: string | null; readonly file: AttachmentWithText };

type FileRow = Omit<AttachmentRow, 'message_id'> & { readonly chat_id: string | null; readonly text: string };

export function makeDraftQueries(db: Database) {
  const list = db.prepare<[], Draft>('SELECT chat_id AS chatId, text FROM drafts');
  const remove = db.prepare('DELETE FROM drafts WHERE chat_id IS ?');
  // A chat may be deleted for good while its draft is on its way.
  const isThere = '@chatId IS NULL OR EXISTS (SELECT 1 FROM chats WHERE id = @chatId)';
  const insert = db.prepare<[{ chatId: string | null; text: string }]>(
    `INSERT INTO drafts (chat_id, text) SELECT @chatId, @text WHERE ${isThere}`,
  );
  const listFiles = db.prepare<[], FileRow>('SELECT * FROM draft_attachments ORDER BY chat_id, position');
  const removeFiles = db.prepare<[string | null, string]>(
    'DELETE FROM draft_attachments WHERE chat_id IS ? AND id NOT IN (SELECT value FROM json_each(?))',
  );
  const keepFile = db.prepare(
    `INSERT INTO draft_attachments (id, chat_id, position, name, kind, size_bytes, characters, details, part, text)
     SELECT @id, @chatId, @position, @name, @kind, @sizeBytes, @characters, @details, @part, @text WHERE ${isThere}
     ON CONFLICT (id) DO UPDATE SET chat_id = @chatId, position = @position, part = @part`,
  );
  return {
    listDrafts: (): Draft[] => list.all(),
    /** An empty text takes the draft away. @param chatId null = the chat that is not made yet */
    saveDraft: db.transaction((chatId: string | null, text: string): void => {
      remove.run(chatId);
      if (text !== '') insert.run({ chatId, text });
    }),
    listDraftFiles: (): DraftFile[] =>
      listFiles.all().map((row) => ({ chatId: row.chat_id, file: { ...toAttachment(row), text: row.text } })),
    /** These files are those of the draft, in this order; others that it had are gone. */
    saveDraftFiles: db.transaction((chatId: string | null, files: readonly AttachmentWithText[]): void => {
      removeFiles.run(chatId, JSON.stringify(files.map(({ id }) => id)));
      for (const [position, file] of files.entries()) {
        const [details, part] = [JSON.stringify(file.details), JSON.stringify(file.part)];
        keepFile.run({ ...file, chatId, position, details, part });
      }
    }),
  };
}
