/** Owns the set of all database operations, by name; what the database thread answers and its client calls. */
import type { Database } from 'better-sqlite3';
import type { ChatOptions, Inclusion, Thread } from '../../preload/contract/chats.js';
import { makeCatalogueQueries, type CatalogueRow } from './catalogue.js';
import { makeChatQueries } from './chats.js';
import { makeDownloadQueries, type DownloadRecord } from './downloads.js';
import { makeMessageQueries, type NewMessage, type ReplyUpdate } from './messages.js';
import { makeModelFileQueries, type ModelRecordChange } from './model-files.js';

export function makeQueries(db: Database) {
  const chats = makeChatQueries(db);
  const messages = makeMessageQueries(db);
  const modelFiles = makeModelFileQueries(db);
  const downloads = makeDownloadQueries(db);
  const catalogue = makeCatalogueQueries(db);
  const thread = (chatId: string): Thread => ({ chat: chats.find(chatId), messages: messages.path(chatId) });

  return {
    listChats: chats.list,
    createChat: chats.create,
    renameChat: chats.rename,
    setChatOptions: (chatId: string, options: ChatOptions) => chats.setOptions(chatId, options),
    removeChat: chats.remove,
    restoreChat: chats.restore,
    openThread: thread,
    findMessage: messages.find,
    addMessage: (message: NewMessage) => messages.add(message),
    saveReply: (reply: ReplyUpdate) => messages.saveReply(reply),
    editMessage: (messageId: string, text: string): Thread => thread(messages.edit(messageId, text).chatId),
    undoEdit: (messageId: string): Thread => thread(messages.undoEdit(messageId).chatId),
    setInclusion: (messageId: string, inclusion: Inclusion): Thread =>
      thread(messages.setInclusion(messageId, inclusion).chatId),
    selectVersion: (messageId: string): Thread => thread(messages.select(messageId).chatId),
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
    listModelRecords: modelFiles.listRecords,
    listDownloads: downloads.list,
    saveDownload: (record: DownloadRecord) => downloads.save(record),
    removeDownload: downloads.remove,
    saveModelRecord: (change: ModelRecordChange) => modelFiles.saveRecord(change),
  };
}

export type Queries = ReturnType<typeof makeQueries>;
