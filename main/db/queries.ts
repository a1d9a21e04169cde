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
import { makeArenaQueries, type NewVote } from './arena.js';
import { makeAttachmentQueries } from './attachments.js';
import { userVoter } from '../../preload/contract/arena-words.js';
import type { Card, Persona } from '../../preload/contract/characters.js';
import { msg, t, type Message as Label } from '../../preload/contract/language.js';
import type { OutgoingRequest } from '../../preload/contract/network.js';
import type { Undone, UndoState } from '../../preload/contract/undo.js';
import { makeBatchOutcomeQueries } from './batch-outcome.js';
import { makeBatchQueries } from './batches.js';
import { makeBranchQueries } from './branches.js';
import { makeCatalogueQueries, type CatalogueRow } from './catalogue.js';
import { makeCharacterQueries, type NewCharacter, type Picture } from './characters.js';
import { makeConnectionQueries } from './connections.js';
import { makeChatQueries, type ChatCast } from './chats.js';
import { makeDownloadQueries, type DownloadRecord } from './downloads.js';
import { makeDraftQueries } from './drafts.js';
import { makeDuplicateQueries } from './duplicate.js';
import { makeFolderQueries } from './folders.js';
import { makeImportQueries } from './imports.js';
import { makeKeptReplyQueries } from './kept-replies.js';
import { mend } from './integrity.js';
import { makeMessageQueries, type NewMessage, type ReplyUpdate } from './messages.js';
import { startIndexAgain } from './search-index.js';
import { makeModelFileQueries, type ModelRecordChange } from './model-files.js';
import { makeNoteQueries } from './notes.js';
import { makeOrganiseQueries } from './organise.js';
import { makeOutgoingRequestQueries } from './outgoing-requests.js';
import { makePathQueries } from './paths.js';
import { makeTrashQueries } from './trash.js';
import { makeTreeQueries, type Removed } from './tree.js';
import type { TableOptions } from './row-log.js';
import { Steps, type RecordedStep, type UndoRequest } from './undo.js';
import { makeWorkshopQueries } from './workshop.js';
import { makePresetQueries, type NewPreset } from './presets.js';
import { makePromptSetQueries, type NewPromptSet } from './prompt-sets.js';
import type { EarlierText, TrashItem, TrashSelection } from '../../preload/contract/tree.js';
import type { PresetValues } from '../../preload/contract/preset-values.js';
import type { PromptContent } from '../../preload/contract/prompt-sets.js';

const inclusionLabels: Readonly<Record<Inclusion, Label>> = {
  auto: msg('Unmark message'),
  pinned: msg('Pin message'),
  'left-out': msg('Leave message out'),
};

/** A reply that is still to be written. The chat of both is the same; of a reply to a question the parent is that. */
export type NewReply = {
  readonly chatId: string;
  /** As `Steps.record`. */
  readonly label: string;
  readonly question: NewMessage | null;
  readonly reply: NewMessage;
};

/** The tables whose rows the user makes and changes; undo covers them. */
const userContent: readonly TableOptions[] = [
  { name: 'chats', chatColumn: 'id', looseColumns: ['leaf_id', 'updated_at'] },
  { name: 'messages', chatColumn: 'chat_id' },
  { name: 'revisions' },
  { name: 'chat_tags', chatColumn: 'chat_id' },
  { name: 'folders' },
  { name: 'notes', looseColumns: ['text', 'updated_at'] },
  { name: 'characters', looseColumns: ['updated_at'] },
  { name: 'personas' },
  { name: 'matches' },
  { name: 'votes' },
  { name: 'prompt_sets' },
  { name: 'prompts' },
  { name: 'batches', looseColumns: ['state'] },
];

/** Who is to talk in a chat. */
export type Casting = {
  readonly chatId: string;
  readonly cast: ChatCast;
  /** Become versions of the first message where nobody but characters spoke yet. */
  readonly greetings: readonly string[];
  /** For a chat without a name; null = none. */
  readonly name: string | null;
};

/** @param onUndoChanged hears what can be undone and made again, whenever that changes */
export function makeQueries(db: Database, onUndoChanged?: (state: UndoState) => void) {
  const steps = new Steps(db, userContent, onUndoChanged);
  /** The same work, as a step that can be undone. */
  const asStep =
    <A extends unknown[], T>(label: Label, work: (...args: A) => T) =>
    (...args: A): T =>
      steps.record(t(label), () => work(...args));
  const chats = makeChatQueries(db);
  const messages = makeMessageQueries(db);
  const modelFiles = makeModelFileQueries(db);
  const downloads = makeDownloadQueries(db);
  const outgoing = makeOutgoingRequestQueries(db);
  const catalogue = makeCatalogueQueries(db);
  const attachments = makeAttachmentQueries(db);
  const presets = makePresetQueries(db);
  const connections = makeConnectionQueries(db);
  const workshop = makeWorkshopQueries(db);
  const promptSets = makePromptSetQueries(db);
  const characters = makeCharacterQueries(db);
  const paths = makePathQueries(db);
  const organise = makeOrganiseQueries(db);
  const folders = makeFolderQueries(db);
  const notes = makeNoteQueries(db);
  const imports = makeImportQueries(db);
  const arena = makeArenaQueries(db);
  const batches = makeBatchQueries(db, arena);
  const keptReplies = makeKeptReplyQueries(db);
  const { duplicate } = makeDuplicateQueries(db);
  const tree = makeTreeQueries(db);
  const trash = makeTrashQueries(db);
  const thread = (chatId: string, path: PathMessage[], isEnd = true): Thread => ({
    chat: chats.find(chatId),
    after: path[0]?.parentId ?? null,
    messages: path,
    isEnd,
  });
  /** @param parentId what is before it is as it was; null = all may have changed */
  const withThread = ({ chatId, count }: Removed, parentId: string | null) => ({
    thread: thread(chatId, parentId === null ? paths.last(chatId) : paths.from(chatId, parentId)),
    count,
  });
  /** A message that changed where it stands. */
  const inPlace = ({ chatId, id }: Message): Thread => thread(chatId, paths.upTo(chatId, id, 1), false);

  return {
    listChats: chats.list,
    createChat: chats.create,
    renameChat: asStep(msg('Rename chat'), chats.rename),
    hasFirstWordsAsTitle: chats.hasFirstWordsAsTitle,
    setFoundTitle: chats.setFoundTitle,
    setChatOptions: (chatId: string, options: ChatOptions): Chat =>
      steps.record(t('Change chat options'), () => chats.setOptions(chatId, options), true),
    findChats: chats.findSome,
    duplicateChat: asStep(msg('Duplicate chat'), (chatId: string): Chat =>
      chats.find(duplicate(chats.find(chatId).id, null)),
    ),
    /** A new chat of the path that ends with this message. */
    branchChat: asStep(msg('Branch into a new chat'), (messageId: string): Chat => {
      const { chatId, id } = messages.find(messageId);
      return chats.find(duplicate(chatId, id));
    }),
    moveChats: asStep(msg('Move chats'), organise.moveChats),
    setChatsPinned: asStep(msg('Pin or unpin chats'), organise.setChatsPinned),
    setChatsArchived: asStep(msg('Archive or unarchive chats'), organise.setChatsArchived),
    tagChats: asStep(msg('Change tags'), organise.tagChats),
    removeChats: asStep(msg('Delete chats'), organise.removeChats),
    listFolders: folders.listFolders,
    createFolder: asStep(msg('Add folder'), folders.createFolder),
    renameFolder: asStep(msg('Rename folder'), folders.renameFolder),
    removeFolder: asStep(msg('Delete folder'), folders.removeFolder),
    reorderFolders: asStep(msg('Move folder'), folders.reorderFolders),
    ...notes,
    renameNote: asStep(msg('Rename note'), notes.renameNote),
    removeNote: asStep(msg('Delete note'), notes.removeNote),
    ...arena,
    removeMatches: asStep(msg('Delete comparison'), arena.removeMatches),
    keepReplies: (matchId: string, positions: readonly number[], chatId: string): Thread => {
      const questionId = steps.record(t('Keep replies'), () =>
        keptReplies.keepReplies(matchId, positions, chatId),
      );
      messages.nameChat({ ...messages.find(questionId) });
      return thread(chatId, paths.last(chatId));
    },
    castVote: (vote: NewVote) =>
      vote.voter === userVoter ? steps.record(t('Vote'), () => arena.castVote(vote)) : arena.castVote(vote),
    ...imports,
    showImported: asStep(msg('Import chats'), imports.showImported),
    ...makeDraftQueries(db),
    undo: (request: UndoRequest): Undone => undone(steps.undo(request)),
    redo: (request: UndoRequest): Undone => undone(steps.redo(request)),
    /** The active path, or the last `count` messages of it. */
    openThread: (chatId: string, count?: number): Thread => thread(chatId, paths.last(chatId, count)),
    /** The active path without its texts. */
    outlineOf: paths.outline,
    /** The active path from this message on. */
    threadFrom: (chatId: string, messageId: string): Thread => thread(chatId, paths.from(chatId, messageId)),
    messagesUpTo: paths.upTo,
    ...makeBranchQueries(db),
    findMessage: messages.find,
    addMessage: (message: NewMessage): Message => {
      const added = steps.record(t('Add message'), () => messages.add(message));
      messages.nameChat(message);
      return added;
    },
    /** A question, unless there is one already, and a reply to it that is still to be written: one step. @returns the reply */
    startReply({ label, question, reply }: NewReply): Message {
      const started = steps.record(label, () => {
        const parentId = question === null ? reply.parentId : messages.add(question).id;
        return messages.add({ ...reply, parentId });
      });
      // Not part of the step: by the time it is undone, somebody may have given the chat another name.
      if (question !== null) messages.nameChat(question);
      return started;
    },
    keepRevision: messages.keepRevision,
    revisions: (messageId: string): EarlierText[] => messages.revisions(messages.find(messageId).id),
    removeMessage: (messageId: string, alone: boolean) => {
      const { parentId } = messages.find(messageId);
      const label = alone ? t('Delete message') : t('Delete messages');
      const removed = steps.record(label, () => (alone ? tree.removeAlone : tree.remove)(messageId));
      return withThread(removed, parentId);
    },
    prune: (chatId: string) =>
      withThread(
        steps.record(t('Delete other branches'), () => tree.prune(chatId)),
        null,
      ),
    endWith(messageId: string): Thread {
      const { chatId, id } = steps.record(t('End the conversation here'), () => tree.endWith(messageId));
      return thread(chatId, paths.from(chatId, id));
    },
    listTrash: (): TrashItem[] => trash.list(),
    restoreFromTrash: asStep(msg('Restore from the trash'), (selection: TrashSelection) =>
      trash.restore(selection),
    ),
    removeForGood: (selection: TrashSelection): void => trash.removeForGood(selection),
    removeOldTrash: (nowMs: number): boolean => trash.removeOld(nowMs),
    /** The files of a message with their texts, in order. */
    attachmentsOf: attachments.of,
    findAttachment: attachments.find,
    saveReply: (reply: ReplyUpdate) => messages.saveReply(reply),
    editMessage: (messageId: string, text: string): Thread =>
      inPlace(steps.record(t('Edit message'), () => messages.edit(messageId, text))),
    setInclusion: (messageId: string, inclusion: Inclusion): Thread =>
      inPlace(steps.record(t(inclusionLabels[inclusion]), () => messages.setInclusion(messageId, inclusion))),
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
    listConnections: connections.list,
    saveConnection: connections.save,
    removeConnection: connections.remove,
    listWorkshop: workshop.list,
    createWorkshopItem: workshop.create,
    changeWorkshopItem: workshop.change,
    removeWorkshopItem: workshop.remove,
    /** All of the database that the chat is in, as the bytes of a file: the way to copy one that is in memory. */
    serialize: (_chatId: string): Uint8Array => db.serialize(),
    listCharacters: characters.list,
    findCharacter: characters.find,
    cardOf: characters.cardOf,
    createCharacter: asStep(msg('Add character'), (character: NewCharacter) => characters.create(character)),
    setCard: asStep(msg('Edit character'), (id: string, card: Card) => characters.setCard(id, card)),
    setCharacterPicture: asStep(msg('Change picture'), characters.setPicture),
    removeCharacter: asStep(msg('Delete character'), characters.remove),
    addPicture: (picture: Picture) => characters.addPicture(picture),
    findPicture: characters.findPicture,
    listPersonas: characters.listPersonas,
    personaOf: characters.personaOf,
    createPersona: asStep(msg('Add profile'), (persona: Pick<Persona, 'name' | 'description'>) =>
      characters.createPersona(persona),
    ),
    changePersona: asStep(msg('Edit profile'), (id: string, change: Partial<Omit<Persona, 'id'>>) =>
      characters.changePersona(id, change),
    ),
    removePersona: asStep(msg('Delete profile'), characters.removePersona),
    castChat: asStep(msg('Change who talks'), (casting: Casting): Chat => {
      const { chatId, cast, greetings, name } = casting;
      const chat = chats.setCast(chatId, cast, name);
      if (greetings.length > 0) messages.addGreetings(chatId, greetings);
      return greetings.length > 0 ? chats.find(chatId) : chat;
    }),
    ...batches,
    ...makeBatchOutcomeQueries(db, arena),
    removeBatch: asStep(msg('Delete batch'), batches.removeBatch),
    listPromptSets: promptSets.listPromptSets,
    promptsOf: promptSets.promptsOf,
    createPromptSet: asStep(msg('Add prompt set'), (set: NewPromptSet) => promptSets.createPromptSet(set)),
    renamePromptSet: asStep(msg('Rename prompt set'), promptSets.renamePromptSet),
    removePromptSet: asStep(msg('Delete prompt set'), promptSets.removePromptSet),
    addPrompt: asStep(msg('Add prompt'), (setId: string, content: PromptContent) =>
      promptSets.addPrompt(setId, content),
    ),
    changePrompt: (id: string, content: PromptContent) =>
      steps.record(t('Edit prompt'), () => promptSets.changePrompt(id, content), true),
    removePrompt: asStep(msg('Delete prompt'), promptSets.removePrompt),
    listDownloads: downloads.list,
    saveDownload: (record: DownloadRecord) => downloads.save(record),
    removeDownload: downloads.remove,
    saveOutgoingRequest: (request: OutgoingRequest): void => outgoing.save(request),
    endOpenOutgoingRequests: outgoing.endOpen,
    viewOutgoingRequests: outgoing.view,
    clearOutgoingRequests: outgoing.clear,
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
