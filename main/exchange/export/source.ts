/**
 * Owns reading what is exported: one message at a time, however many there are, and all of them as they were when the
 * reading began. Never writes.
 */
import { t } from '../../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { attachmentDetailsSchema, attachmentPartSchema } from '../../../preload/contract/attachments.js';
import type { Persona } from '../../../preload/contract/characters.js';
import type { ExportScope } from '../../../preload/contract/exchange.js';
import { attachmentColumns, type AttachmentRow } from '../../db/attachments.js';
import { makeCharacterQueries } from '../../db/characters.js';
import { makeChatQueries } from '../../db/chats.js';
import { makeFolderQueries } from '../../db/folders.js';
import { toMessage, type MessageRow } from '../../db/messages.js';
import { makePresetQueries } from '../../db/presets.js';
import { mostPictureBytes, type OwnChatHead, type OwnHead, type OwnMessage } from '../own-format.js';
import { parentsOf, pathTo, type TreeNode } from './tree.js';

export type ExportedNode = TreeNode & { readonly role: OwnMessage['role'] };

/** All of its tree, the path that is shown, or one message by its id. */
export type ChatPart = 'tree' | 'path' | { readonly messageId: string };

/** A chat, or the part of it that is exported. */
export type ExportedChat = {
  readonly head: OwnChatHead;
  /** The name of its folder. */
  readonly folder: string | null;
  /** All messages of the part, by age. Of the first ones of a part, the parent is null. */
  readonly nodes: readonly ExportedNode[];
  /** Of them, those on the path that is shown. */
  readonly path: readonly string[];
  /** Reads one of them. */
  readonly message: (id: string) => OwnMessage;
};

export type Source = ReturnType<typeof makeSource>;

/** @param db a connection of its own: until it is closed it sees what there was at first */
export function makeSource(db: Database) {
  db.exec('BEGIN');
  const chats = makeChatQueries(db);
  const folders = makeFolderQueries(db).listFolders();
  const presets = makePresetQueries(db);
  const cast = makeCharacterQueries(db);
  const known = 'deleted_at IS NULL ORDER BY updated_at DESC, id DESC';
  const all = db.prepare<[], string>(`SELECT id FROM chats WHERE ${known}`).pluck();
  const inFolder = db
    .prepare<[string], string>(`SELECT id FROM chats WHERE folder_id = ? AND ${known}`)
    .pluck();
  const rest = db.prepare<[string], { title_by: OwnChatHead['titleBy']; leaf_id: string | null }>(
    'SELECT title_by, leaf_id FROM chats WHERE id = ?',
  );
  const nodesOf = db.prepare<[string], ExportedNode>(
    `SELECT id, parent_id AS parentId, role FROM messages WHERE chat_id = ? AND deleted_at IS NULL
     ORDER BY created_at, id`,
  );
  const these = 'id IN (SELECT value FROM json_each(?))';
  const usedFolders = db
    .prepare<[string], string>(
      `SELECT DISTINCT folder_id FROM chats WHERE ${these} AND folder_id IS NOT NULL`,
    )
    .pluck();
  const chosenPresets = db
    .prepare<[string], string>(
      `SELECT DISTINCT iif(json_valid(level), level ->> '$.presetId', NULL) FROM chats WHERE ${these}`,
    )
    .pluck();
  const countTree = db
    .prepare<[string], number>('SELECT count(*) FROM messages WHERE chat_id = ? AND deleted_at IS NULL')
    .pluck();
  // UNION: ends also where a damaged record points back.
  const countPath = db
    .prepare<[string], number>(
      `WITH RECURSIVE path(id, parent_id) AS (
         SELECT id, parent_id FROM messages WHERE id = (SELECT leaf_id FROM chats WHERE id = ?)
         UNION
         SELECT messages.id, messages.parent_id FROM path JOIN messages ON messages.id = path.parent_id
         WHERE deleted_at IS NULL
       ) SELECT count(*) FROM path`,
    )
    .pluck();
  const characters = db
    .prepare<[string], string>(
      `SELECT id FROM characters WHERE deleted_at IS NULL
         AND id IN (SELECT character_id FROM chats WHERE ${these}) ORDER BY id`,
    )
    .pluck();
  const personas = db.prepare<[string], Persona>(
    `SELECT id, name, description, picture FROM personas WHERE deleted_at IS NULL
       AND id IN (SELECT persona_id FROM chats WHERE chats.${these}) ORDER BY id`,
  );
  const get = db.prepare<[string], MessageRow>('SELECT * FROM messages WHERE id = ?');
  const revisions = db.prepare<[string], OwnMessage['revisions'][number]>(
    'SELECT text, edited_at AS editedAt FROM revisions WHERE message_id = ? ORDER BY id',
  );
  const files = db.prepare<[string], AttachmentRow & { created_at: number; text: string }>(
    `SELECT ${attachmentColumns}, created_at, text FROM attachments WHERE message_id = ? ORDER BY position`,
  );

  const message = (id: string): OwnMessage => {
    const { chatId: _, ...rest } = toMessage(get.get(id)!);
    return { ...rest, revisions: revisions.all(id), attachments: files.all(id).map(toOwnAttachment) };
  };

  return {
    /**
     * The folders in which these chats lie, the user's own presets that they have chosen, and who talks in them.
     * @param pictureBytes how much their pictures may take together; 0 = they are not looked at
     */
    usedBy(
      chatIds: readonly string[],
      pictureBytes = mostPictureBytes,
    ): Pick<OwnHead, 'folders' | 'presets' | 'characters' | 'personas'> {
      const ids = JSON.stringify(chatIds);
      const [inUse, chosen] = [new Set(usedFolders.all(ids)), new Set(chosenPresets.all(ids))];
      let leftBytes = pictureBytes;
      const pictureOf = (hash: string | null) => {
        const bytes = hash === null || pictureBytes === 0 ? undefined : cast.findPicture(hash)?.bytes;
        const fits = bytes !== undefined && bytes.length <= leftBytes;
        if (fits) leftBytes -= bytes.length;
        return {
          picture: fits ? Buffer.from(bytes).toString('base64') : null,
          lacksPicture: bytes !== undefined && !fits,
        };
      };
      return {
        folders: folders.filter(({ id }) => inUse.has(id)),
        presets: presets.list().filter(({ id }) => chosen.has(id)),
        characters: characters.all(ids).map((id) => {
          const { card, beside, picture } = cast.find(id);
          return { id, card, beside, ...pictureOf(picture) };
        }),
        personas: personas.all(ids).map(({ picture, ...persona }) => ({ ...persona, ...pictureOf(picture) })),
      };
    },
    /** The chats of a scope that are there, in the order of the list or as they were named. */
    chatIds(scope: ExportScope): string[] {
      switch (scope.kind) {
        case 'everything':
          return all.all();
        case 'folder':
          return inFolder.all(scope.folderId);
        case 'chats':
          return chats.findSome(scope.chatIds).map(({ id }) => id);
        case 'message':
          return chats.findSome([scope.chatId]).map(({ id }) => id);
      }
    },
    countMessages(chatId: string, part: ChatPart): number {
      if (typeof part === 'object') return 1;
      return (part === 'tree' ? countTree : countPath).get(chatId)!;
    },
    /** @throws AppError `not-found` */
    head: chats.find,
    folderName: (folderId: string): string => folders.find(({ id }) => id === folderId)?.name ?? t('Folder'),
    /** @throws AppError `not-found` */
    chat(chatId: string, part: ChatPart): ExportedChat {
      const chat = chats.find(chatId);
      const { title_by: titleBy, leaf_id: leafId } = rest.get(chatId)!;
      const head = { ...chat, titleBy, leafId };
      const folder = folders.find(({ id }) => id === chat.folderId)?.name ?? null;
      if (typeof part === 'object') {
        const { messageId } = part;
        const nodes = [{ id: messageId, parentId: null, role: message(messageId).role }];
        return { head: { ...head, leafId: messageId }, folder, nodes, path: [messageId], message };
      }
      const nodes = nodesOf.all(chatId);
      const path = pathTo(parentsOf(nodes), leafId);
      if (part === 'tree') return { head, folder, nodes, path, message };
      const roles = new Map(nodes.map(({ id, role }) => [id, role]));
      const onPath = path.map((id, index) => ({
        ...{ id, parentId: path[index - 1] ?? null },
        role: roles.get(id)!,
      }));
      return { head, folder, nodes: onPath, path, message };
    },
  };
}

/** What can't be read of a damaged record has its default: its text is what counts. */
function toOwnAttachment(
  row: AttachmentRow & { readonly created_at: number; readonly text: string },
): OwnMessage['attachments'][number] {
  return {
    name: row.name,
    kind: row.kind,
    sizeBytes: row.size_bytes,
    characters: row.characters,
    details: attachmentDetailsSchema.parse(parsed(row.details, attachmentDetailsSchema) ?? {}),
    part: parsed(row.part, attachmentPartSchema) ?? { kind: 'all' },
    createdAt: row.created_at,
    text: row.text,
  };
}

function parsed<T>(json: string, schema: { safeParse(value: unknown): { data?: T } }): T | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
