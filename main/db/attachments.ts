/** Owns the rows of the files that belong to messages. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import {
  attachmentDetailsSchema,
  attachmentPartSchema,
  type Attachment,
  type AttachmentKind,
  type AttachmentWithText,
} from '../../preload/contract/attachments.js';
import { AppError } from '../../preload/contract/errors.js';
import { newId } from './id.js';

export type AttachmentRow = {
  id: string;
  message_id: string;
  name: string;
  kind: AttachmentKind;
  size_bytes: number;
  characters: number;
  details: string;
  part: string;
};

/** All but the text. */
export const attachmentColumns =
  'attachments.id, message_id, name, kind, size_bytes, characters, details, part';

export const toAttachment = (row: Omit<AttachmentRow, 'message_id'>): Attachment => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  sizeBytes: row.size_bytes,
  characters: row.characters,
  details: attachmentDetailsSchema.parse(JSON.parse(row.details)),
  part: attachmentPartSchema.parse(JSON.parse(row.part)),
});

export function makeAttachmentQueries(db: Database) {
  type Full = AttachmentRow & { text: string };
  const get = db.prepare<[string], Full>(`SELECT ${attachmentColumns}, text FROM attachments WHERE id = ?`);
  const ofMessage = db.prepare<[string], Full>(
    `SELECT ${attachmentColumns}, text FROM attachments WHERE message_id = ? ORDER BY position`,
  );
  const insert = db.prepare(
    `INSERT INTO attachments (id, message_id, position, name, kind, size_bytes, characters, details, part, created_at, text)
     VALUES (@id, @messageId, @position, @name, @kind, @sizeBytes, @characters, @details, @part, @createdAt, @text)`,
  );
  const withText = (row: Full): AttachmentWithText => ({ ...toAttachment(row), text: row.text });

  /** Gives files to a message, in this order; inside a transaction. */
  const add = (messageId: string, attachments: readonly Omit<AttachmentWithText, 'id'>[]): void => {
    for (const [position, attachment] of attachments.entries()) {
      insert.run({
        ...attachment,
        ...{ id: newId(), messageId, position, createdAt: Date.now() },
        details: JSON.stringify(attachment.details),
        part: JSON.stringify(attachment.part),
      });
    }
  };
  const of = (messageId: string): AttachmentWithText[] => ofMessage.all(messageId).map(withText);

  return {
    add,
    of,
    /** Gives another message the same files. */
    copy: (fromMessageId: string, toMessageId: string): void => add(toMessageId, of(fromMessageId)),
    /** @throws AppError `not-found` */
    find(id: string): AttachmentWithText {
      const row = get.get(id);
      if (row === undefined)
        throw new AppError({ code: 'not-found', message: t('This attachment no longer exists.') });
      return withText(row);
    },
  };
}
