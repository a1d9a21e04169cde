/**
 * Owns putting imported chats into the database: each in a transaction of its own and out of sight, then all into the list
 * at once; never where they come from.
 */
import type { Database } from 'better-sqlite3';
import type { ImportedChat } from '../exchange/import/neutral.js';
import { makeAttachmentQueries } from './attachments.js';
import { makeCharacterQueries } from './characters.js';
import { toJson } from './chats.js';
import { makeFolderQueries } from './folders.js';
import { newId } from './id.js';
import { makePresetQueries } from './presets.js';
import { titleFrom } from './title.js';

export type ImportOrigin = { readonly hash: string; readonly format: string };

/** A chat that was saved out of sight, and the name of the folder that it is to lie in. */
export type HiddenChat = { readonly chatId: string; readonly folder: string | null };

export function makeImportQueries(db: Database) {
  const files = makeAttachmentQueries(db);
  const presets = makePresetQueries(db);
  const folders = makeFolderQueries(db);
  const cast = makeCharacterQueries(db);
  const these = 'id IN (SELECT value FROM json_each(?))';
  const insertChat = db.prepare(
    `INSERT INTO chats (id, title, title_by, created_at, updated_at, deleted_at, overflow, start_reply_with, level, pinned_at, archived_at,
       character_id, persona_id, mode, chat_command)
     VALUES (@id, @title, @titleBy, @createdAt, @updatedAt, @now, @overflow, @startReplyWith, @level, @pinnedAt, @archivedAt,
       @characterId, @personaId, @mode, @chatCommand)`,
  );
  const insertMessage = db.prepare(
    `INSERT INTO messages (id, chat_id, parent_id, role, text, created_at, edited_at, model, stats, error, inclusion)
     VALUES (@id, @chatId, @parentId, @role, @text, @createdAt, @editedAt, @model, @stats, @error, @inclusion)`,
  );
  const insertRevision = db.prepare('INSERT INTO revisions (message_id, text, edited_at) VALUES (?, ?, ?)');
  const setLeaf = db.prepare('UPDATE chats SET leaf_id = ? WHERE id = ?');
  const insertTag = db.prepare('INSERT OR IGNORE INTO chat_tags (chat_id, tag) VALUES (?, ?)');
  const insertOrigin = db.prepare(
    'INSERT INTO imported_chats (chat_id, hash, format, imported_at) VALUES (?, ?, ?, ?)',
  );
  const known = db
    .prepare<[string], string>(
      `SELECT DISTINCT hash FROM imported_chats JOIN chats ON chats.id = chat_id
       WHERE hash IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL`,
    )
    .pluck();
  const show = db.prepare('UPDATE chats SET deleted_at = NULL, folder_id = ? WHERE id = ?');
  const discard = db.prepare(
    `DELETE FROM chats WHERE ${these} AND deleted_at IS NOT NULL AND id IN (SELECT chat_id FROM imported_chats)`,
  );
  const presetWith = db
    .prepare<[string, string], string>('SELECT id FROM presets WHERE id = ? OR name = ?')
    .pluck();

  /** A preset of that name that is there already is another one: it stays as it is. */
  const bringPreset = ({ preset }: ImportedChat): void => {
    if (preset === null || presetWith.all(preset.id, '').length > 0) return;
    const isTaken = presetWith.get('', preset.name) !== undefined;
    presets.create({ ...preset, name: isTaken ? `${preset.name} (${preset.id.slice(-6)})` : preset.name });
  };

  return {
    /** Of these hashes, those of chats that were imported and are still in the list. */
    knownImports: (hashes: readonly string[]): string[] => known.all(JSON.stringify(hashes)),
    /** Saves a chat out of sight. @returns its id, for `showImported` or `discardImported` */
    importChat: db.transaction((chat: ImportedChat, { hash, format }: ImportOrigin): string => {
      const now = Date.now();
      const chatId = newId();
      const words = chat.messages.find(({ role }) => role === 'user') ?? chat.messages[0];
      bringPreset(chat);
      if (chat.character !== null) cast.bring(chat.character);
      if (chat.persona !== null) cast.bringPersona(chat.persona);
      insertChat.run({
        id: chatId,
        title: chat.title ?? titleFrom(words?.text ?? ''),
        titleBy: chat.titleBy,
        createdAt: chat.createdAt,
        updatedAt: chat.updatedAt,
        now,
        overflow: chat.overflow,
        startReplyWith: chat.startReplyWith,
        level: toJson(chat.level),
        pinnedAt: chat.pinnedAt,
        archivedAt: chat.archivedAt,
        characterId: chat.characterId,
        personaId: chat.personaId,
        mode: chat.mode,
        chatCommand: chat.chatCommand,
      });
      // A parent stands before its children, and versions in their order, as ids must.
      const ids = chat.messages.map(newId);
      for (const [at, { parent, stats, attachments, revisions, ...message }] of chat.messages.entries()) {
        const id = ids[at]!;
        const parentId = parent === null ? null : ids[parent]!;
        insertMessage.run({
          ...message,
          ...{ id, chatId, parentId, stats: stats === null ? null : JSON.stringify(stats) },
        });
        for (const { text, editedAt } of revisions) insertRevision.run(id, text, editedAt);
        files.add(id, attachments);
      }
      if (chat.leaf !== null) setLeaf.run(ids[chat.leaf]!, chatId);
      for (const tag of chat.tags) insertTag.run(chatId, tag);
      insertOrigin.run(chatId, hash, format, now);
      return chatId;
    }),
    /** Puts chats into the list, each in the folder of its name, which is made where there is none. */
    showImported: db.transaction((chats: readonly HiddenChat[], tag: string | null): void => {
      const idOf = new Map(folders.listFolders().map(({ id, name }) => [name, id]));
      for (const { chatId, folder } of chats) {
        if (folder !== null && !idOf.has(folder)) idOf.set(folder, folders.createFolder(folder).id);
        show.run(folder === null ? null : idOf.get(folder)!, chatId);
        if (tag !== null) insertTag.run(chatId, tag);
      }
    }),
    /** Takes chats away that are not in the list yet. */
    discardImported: (chatIds: readonly string[]): void => void discard.run(JSON.stringify(chatIds)),
  };
}
