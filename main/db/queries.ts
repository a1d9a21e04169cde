/** Owns the set of all database operations, by name; what the database thread answers and its client calls. */
import type { Database } from 'better-sqlite3';
import type {
  Chat,
  ChatOptions,
  Inclusion,
  Message,
  PathMessage,
  Thread,
} from '../../preload/contract/chats.js';
import { makeAttachmentQueries } from './attachments.js';
import type { Undone, UndoState } from '../../preload/contract/undo.js';
import { makeCatalogueQueries, type CatalogueRow } from './catalogue.js';
import { makeChatQueries } from './chats.js';
import { makeDownloadQueries, type DownloadRecord } from './downloads.js';
import { makeDraftQueries } from './drafts.js';
import { makeDuplicateQueries } from './duplicate.js';
import { makeFolderQueries } from './folders.js';
import { mend } from './integrity.js';
import { makeMessageQueries, type NewMessage, type ReplyUpdate } from './messages.js';
import { startIndexAgain } from './search-index.js';
import { makeModelFileQueries, type ModelRecordChange } from './model-files.js';
import { makeNoteQueries } from './notes.js';
import { makeOrganiseQueries } from './organise.js';
import { makePathQueries } from './paths.js';
import type { TableOptions } from './row-log.js';
import { Steps, type RecordedStep, type UndoRequest } from './undo.js';
import { makePresetQueries, type NewPreset } from './presets.js';
import type { PresetValues } from '../../preload/contract/preset-values.js';

const inclusionLabels: Readonly<Record<Inclusion, string>> = {
  auto: 'Unmark message',
  pinned: 'Pin message',
  'left-out': 'Leave message out',
};

/** The tables whose rows the user makes and changes; undo covers them. */
const userContent: readonly TableOptions[] = [
  { name: 'chats', chatColumn: 'id', looseColumns: ['leaf_id', 'updated_at'] },
  { name: 'messages', chatColumn: 'chat_id' },
  { name: 'revisions' },
  { name: 'chat_tags', chatColumn: 'chat_id' },
  { name: 'folders' },
  { name: 'notes', looseColumns: ['text', 'updated_at'] },
];

/** @param onUndoChanged hears what can be undone and made again, whenever that changes */
export function makeQueries(db: Database, onUndoChanged?: (state: UndoState) => void) {
  const steps = new Steps(db, userContent, onUndoChanged);
  /** The same work, as a step that can be undone. */
  const asStep =
    <A extends unknown[], T>(label: string, work: (...args: A) => T) =>
    (...args: A): T =>
      steps.record(label, () => work(...args));
  const chats = makeChatQueries(db);
  const messages = makeMessageQueries(db);
  const modelFiles = makeModelFileQueries(db);
  const downloads = makeDownloadQueries(db);
  const catalogue = makeCatalogueQueries(db);
  const attachments = makeAttachmentQueries(db);
  const presets = makePresetQueries(db);
  const paths = makePathQueries(db);
  const organise = makeOrganiseQueries(db);
  const folders = makeFolderQueries(db);
  const notes = makeNoteQueries(db);
  const { duplicate } = makeDuplicateQueries(db);
  const thread = (chatId: string, path: PathMessage[], isEnd = true): Thread => ({
    chat: chats.find(chatId),
    after: path[0]?.parentId ?? null,
    messages: path,
    isEnd,
  });
  /** A message that changed where it stands. */
  const inPlace = ({ chatId, id }: Message): Thread => thread(chatId, paths.upTo(chatId, id, 1), false);

  return {
    listChats: chats.list,
    createChat: chats.create,
    renameChat: asStep('Rename chat', chats.rename),
    hasFirstWordsAsTitle: chats.hasFirstWordsAsTitle,
    setFoundTitle: chats.setFoundTitle,
    setChatOptions: (chatId: string, options: ChatOptions) => chats.setOptions(chatId, options),
    findChats: chats.findSome,
    duplicateChat: (chatId: string): Chat => chats.find(duplicate(chats.find(chatId).id)),
    moveChats: asStep('Move chats', organise.moveChats),
    setChatsPinned: asStep('Pin or unpin chats', organise.setChatsPinned),
    setChatsArchived: asStep('Archive or unarchive chats', organise.setChatsArchived),
    tagChats: asStep('Change tags', organise.tagChats),
    removeChats: asStep('Delete chats', organise.removeChats),
    listFolders: folders.listFolders,
    createFolder: asStep('Add folder', folders.createFolder),
    renameFolder: asStep('Rename folder', folders.renameFolder),
    removeFolder: asStep('Delete folder', folders.removeFolder),
    reorderFolders: asStep('Move folder', folders.reorderFolders),
    ...notes,
    renameNote: asStep('Rename note', notes.renameNote),
    removeNote: asStep('Delete note', notes.removeNote),
    ...makeDraftQueries(db),
    undo: (request: UndoRequest): Undone => undone(steps.undo(request)),
    redo: (request: UndoRequest): Undone => undone(steps.redo(request)),
    /** The active path, or the last `count` messages of it. */
    openThread: (chatId: string, count?: number): Thread => thread(chatId, paths.last(chatId, count)),
    /** The active path from this message on. */
    threadFrom: (chatId: string, messageId: string): Thread => thread(chatId, paths.from(chatId, messageId)),
    messagesUpTo: paths.upTo,
    findMessage: messages.find,
    addMessage: (message: NewMessage) => messages.add(message),
    /** The files of a message with their texts, in order. */
    attachmentsOf: attachments.of,
    findAttachment: attachments.find,
    saveReply: (reply: ReplyUpdate) => messages.saveReply(reply),
    editMessage: (messageId: string, text: string): Thread =>
      inPlace(steps.record('Edit message', () => messages.edit(messageId, text))),
    setInclusion: (messageId: string, inclusion: Inclusion): Thread =>
      inPlace(steps.record(inclusionLabels[inclusion], () => messages.setInclusion(messageId, inclusion))),
    selectVersion(messageId: string): Thread {
      const { chatId, id } = messages.select(messageId);
      return thread(chatId, paths.from(chatId, id));
    },
    listModelFiles: modelFiles.files.list,
    addModelFile: modelFiles.files.add,
    removeModelFile: modelFiles.files.remove,
    listModelFolders: modelFiles.folders.list,
    addModelFolder: modelFiles.folders.add,
    removeModelFolder: modelFiles.folders.remove,
    catalogueVersion: catalogue.version,
    listCatalogue: catalogue.list,
    replaceCatalogue: (version: string, rows: readonly CatalogueRow[]): void =>
      catalogue.replace(version, rows),
    startSearchIndexAgain: (): void => startIndexAgain(db),
    listModelRecords: modelFiles.listRecords,
    listPresets: presets.list,
    createPreset: (preset: NewPreset) => presets.create(preset),
    setPresetValues: (id: string, values: PresetValues) => presets.setValues(id, values),
    renamePreset: presets.rename,
    removePreset: presets.remove,
    listDownloads: downloads.list,
    saveDownload: (record: DownloadRecord) => downloads.save(record),
    removeDownload: downloads.remove,
    /** Makes damaged records reachable again. */
    mendRecords: () => mend(db),
    saveModelRecord: (change: ModelRecordChange) => modelFiles.saveRecord(change),
  };
}

function undone({ label, chatIds, changes }: RecordedStep): Undone {
  const revived = changes.flatMap(({ table, chatId, before, after }) =>
    table.name === 'chats' && chatId !== null && before?.get('deleted_at') === null && after !== null
      ? [chatId]
      : [],
  );
  return { label, chatIds: [...chatIds], revivedChatIds: revived };
}

export type Queries = ReturnType<typeof makeQueries>;
