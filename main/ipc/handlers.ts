/** Owns what main does for each request of the page: one thin line each, the work is in the rooms. */
import { mkdir } from 'node:fs/promises';
import { app, shell, type BrowserWindow } from 'electron';
import type { Chat } from '../../preload/contract/chats.js';
import type { StateUsage } from '../../preload/contract/engine.js';
import type { Channel } from '../../preload/contract/index.js';
import type { Settings } from '../../preload/contract/settings.js';
import type { treeChannels } from '../../preload/contract/tree.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { Leaving } from '../app/leaving.js';
import type { Updates } from '../app/updates.js';
import { openLink } from '../app/security.js';
import { impersonate } from '../chat/impersonation.js';
import { chartedPrompt, inspectNextPrompt } from '../chat/inspect.js';
import type { Arena } from '../arena/arena.js';
import type { ArenaEngines } from '../arena/engines.js';
import type { Batches } from '../arena/batches.js';
import type { AttachmentCosts } from '../attachments/cost.js';
import type { DraftAttachments } from '../attachments/drafts.js';
import { alternativesAt, forkPlaces } from '../chat/fork.js';
import type { InForceFor } from '../chat/in-force.js';
import type { Imports } from '../exchange/import/imports.js';
import type { Planner } from '../chat/planner.js';
import { freePrompt } from '../chat/prompt.js';
import type { TurnQueue } from '../chat/queue.js';
import { freeLane, type Runs } from '../chat/runs.js';
import type { Backups } from '../db/backups.js';
import type { DrillRooms } from '../db/drill.js';
import type { Database } from '../db/client.js';
import type { Incognito } from '../db/incognito.js';
import { newId } from '../db/id.js';
import type { IdleTimer } from '../models/idle.js';
import type { Hub } from '../models/hub/hub.js';
import type { HubAccount } from '../models/hub/account.js';
import type { Catalogue } from '../models/catalogue/catalogue.js';
import type { Fits } from '../models/fit/fits.js';
import type { ModelLibrary } from '../models/library.js';
import type { ModelLoader } from '../models/loader.js';
import type { Verifier } from '../models/local/verifier.js';
import type { Notes } from '../notes/notes.js';
import type { Characters } from '../characters/characters.js';
import type { Presets } from '../presets/presets.js';
import type { Connections } from '../remote/connections.js';
import type { ModelEngine } from '../remote/engines.js';
import type { PromptSets } from '../prompt-sets/prompt-sets.js';
import type { Workshop } from '../workshop/workshop.js';
import type { Http } from '../net/http.js';
import type { Ledger } from '../net/ledger.js';
import { offlineError } from '../net/gate.js';
import type { ListeningApi } from '../server/listening.js';
import type { BackupFiles } from '../exchange/backup/backup-files.js';
import type { Exports } from '../exchange/export/exports.js';
import type { SettingsStore } from '../settings/store.js';
import type { Search } from '../search/search.js';
import type { Forge } from '../models/forge/queue.js';
import type { DownloadQueue } from '../models/download/queue.js';
import { apiHandlers } from './api-handlers.js';
import { applySettings } from './applied-settings.js';
import { attachmentHandlers } from './attachment-handlers.js';
import { backupFileHandlers } from './backup-file-handlers.js';
import { batchHandlers } from './batch-handlers.js';
import { backupHandlers } from './backup-handlers.js';
import { drillHandlers } from './drill-handlers.js';
import { downloadHandlers } from './download-handlers.js';
import { catalogueHandlers } from './catalogue-handlers.js';
import { characterHandlers } from './character-handlers.js';
import { connectionHandlers } from './connection-handlers.js';
import { chatListHandlers } from './chat-list-handlers.js';
import { exportHandlers } from './export-handlers.js';
import { forgeHandlers } from './forge-handlers.js';
import { hubHandlers } from './hub-handlers.js';
import { modelHandlers } from './model-handlers.js';
import { arenaHandlers } from './arena-handlers.js';
import { networkHandlers } from './network-handlers.js';
import { noteHandlers } from './note-handlers.js';
import { searchHandlers } from './search-handlers.js';
import { treeHandlers } from './tree-handlers.js';
import { undoHandlers } from './undo-handlers.js';
import { updateHandlers } from './update-handlers.js';
import { importHandlers } from './import-handlers.js';
import { presetHandlers } from './preset-handlers.js';
import { promptSetHandlers } from './prompt-set-handlers.js';
import { workshopHandlers } from './workshop-handlers.js';
import type { Broadcast, Handlers } from './router.js';

export type Rooms = {
  readonly home: string;
  readonly logs: string;
  /** For others, without anything private. */
  readonly report: () => string;
  /** In the menus and messages of main, from here on. */
  readonly speak: (chosen: Settings['language']) => Promise<void>;
  readonly window: () => BrowserWindow;
  readonly api: ListeningApi;
  readonly http: Http;
  readonly ledger: Ledger;
  readonly updates: Updates;
  readonly db: Database;
  readonly backups: Backups;
  readonly backupFiles: BackupFiles;
  readonly search: Search;
  readonly settings: SettingsStore;
  readonly engine: ModelEngine;
  readonly connections: Connections;
  readonly library: ModelLibrary;
  readonly catalogue: Catalogue;
  readonly loader: ModelLoader;
  readonly fits: Fits;
  readonly hub: Hub;
  readonly hubAccount: HubAccount;
  readonly verifier: Verifier;
  readonly forge: Forge;
  readonly attachments: DraftAttachments;
  readonly attachmentCosts: AttachmentCosts;
  readonly planner: Planner;
  readonly runs: Runs;
  readonly notes: Notes;
  readonly arena: Arena;
  readonly arenaEngines: ArenaEngines;
  readonly incognito: Incognito;
  readonly turns: TurnQueue;
  readonly presets: Presets;
  readonly promptSets: PromptSets;
  readonly batches: Batches;
  readonly exports: Exports;
  readonly workshop: Workshop;
  readonly imports: Imports;
  readonly characters: Characters;
  readonly inForce: InForceFor;
  readonly idle: IdleTimer;
  /** Holds the saved KV states within the budget of the settings. */
  readonly limitStates: () => Promise<StateUsage>;
  readonly leaving: Pick<Leaving, 'stay'>;
  readonly downloads: DownloadQueue;
  readonly drill: Omit<DrillRooms, 'random'>;
  readonly broadcast: Broadcast;
  /** The page is ready to be used. */
  readonly onInteractive: () => void;
};

export type Room<P extends string> = Handlers<Extract<Channel, `${P}.${string}`>>;

export function makeHandlers(rooms: Rooms): Handlers {
  return {
    ...appHandlers(rooms),
    ...apiHandlers(rooms),
    ...networkHandlers(rooms),
    ...updateHandlers(rooms),
    ...settingsHandlers(rooms),
    ...chatHandlers(rooms),
    ...runHandlers(rooms),
    ...noteHandlers(rooms),
    ...arenaHandlers(rooms),
    ...forkHandlers(rooms),
    ...undoHandlers(rooms),
    ...treeHandlers(rooms),
    ...doctorHandlers(rooms),
    ...attachmentHandlers(rooms),
    ...modelHandlers(rooms),
    ...catalogueHandlers(rooms),
    ...promptCacheHandlers(rooms),
    ...hubHandlers(rooms),
    ...downloadHandlers(rooms),
    ...forgeHandlers(rooms),
    ...backupHandlers(rooms),
    ...backupFileHandlers(rooms),
    ...drillHandlers(rooms),
    ...searchHandlers(rooms),
    ...presetHandlers(rooms),
    ...promptSetHandlers(rooms),
    ...batchHandlers(rooms),
    ...exportHandlers(rooms),
    ...workshopHandlers(rooms),
    ...importHandlers(rooms),
    ...characterHandlers(rooms),
    ...connectionHandlers(rooms),
  };
}

function appHandlers({
  home,
  logs,
  report,
  speak,
  settings,
  window,
  leaving,
  onInteractive,
}: Rooms): Room<'app'> {
  return {
    'app.info': () => ({ version: app.getVersion(), electron: process.versions.electron, home }),
    'app.interactive': onInteractive,
    'app.speak': async ({ language }) => {
      settings.set({ language });
      await speak(language);
      window().webContents.reload();
    },
    'app.report': report,
    'app.openLogs': async () => {
      await mkdir(logs, { recursive: true });
      await shell.openPath(logs);
    },
    'app.openHome': async () => void (await shell.openPath(home)),
    'app.openLink': ({ url }) => openLink(window(), url),
    'app.stay': () => leaving.stay(),
  };
}

function settingsHandlers(rooms: Rooms): Room<'settings'> {
  const { settings, http } = rooms;
  return {
    'settings.get': () => settings.get(),
    'settings.set': (values) => {
      const changed = settings.set(values);
      applySettings(rooms);
      if (values.offline === true) void http.close(offlineError(null));
      return changed;
    },
  };
}

function chatHandlers(
  rooms: Rooms,
): Omit<Room<'chats' | 'messages' | 'folders' | 'drafts'>, keyof typeof treeChannels> {
  const { db, planner, attachments, broadcast } = rooms;
  const announcing = (chat: Chat) => broadcast('chats.changed', { upserted: [chat], removed: [] });
  return {
    ...chatListHandlers(rooms),
    'drafts.list': () => db.listDrafts(),
    'drafts.save': ({ chatId, text }) => db.saveDraft(chatId, text),
    'chats.open': ({ chatId, last }) => db.openThread(chatId, last),
    'chats.setOptions': async ({ chatId, options }) => {
      const chat = await db.setChatOptions(chatId, options);
      announcing(chat);
      return chat;
    },
    'chats.tree': ({ chatId }) => db.tree(chatId),
    'chats.find': ({ chatId, text }) => db.findInChat(chatId, text),
    'chats.plan': ({ chatId, draft, attachments: ids }) => planner.next(chatId, draft, attachments.all(ids)),
    'messages.upTo': ({ chatId, messageId, count }) => db.messagesUpTo(chatId, messageId, count),
    'messages.edit': ({ messageId, text }) => db.editMessage(messageId, text),
    'messages.setInclusion': async ({ messageId, inclusion }) => {
      const thread = await db.setInclusion(messageId, inclusion);
      announcing(thread.chat);
      return thread;
    },
    'messages.select': ({ messageId }) => db.selectVersion(messageId),
  };
}

function runHandlers(rooms: Rooms): Room<'runs' | 'tokens'> {
  const { runs, turns, engine, loader, inForce, attachments } = rooms;
  return {
    'runs.waiting': () => turns.before,
    'runs.send': ({ chatId, text, attachments }) => runs.send(chatId, text, attachments),
    'runs.resend': ({ messageId, text }) => runs.resend(messageId, text),
    'runs.regenerate': ({ messageId, isRepair }) => runs.regenerate(messageId, isRepair),
    'runs.continue': ({ messageId, isUnguarded }) => runs.continue(messageId, isUnguarded),
    'runs.fork': ({ messageId, at, text }) => runs.fork(messageId, at, text),
    'runs.replay': ({ messageId, runId }) => runs.replay(messageId, runId),
    'runs.impersonate': (request) => impersonate(rooms, request),
    'runs.stop': ({ runId }) => runs.stop(runId),
    'runs.list': () => runs.list(),
    'tokens.probabilities': ({ prompt, sampling }) =>
      turns.take({ id: newId(), lane: freeLane, priority: 'person' }, async () => {
        await loader.ensureLoaded();
        const { systemPrompt } = await inForce(null);
        return engine.nextTokens(freePrompt(prompt, systemPrompt), sampling);
      }),
    'tokens.stages': async ({ runId, chatId, draft, attachments: ids, sampling }) => {
      const prompt = await chartedPrompt(rooms, chatId, draft, attachments.all(ids));
      if (prompt === null) return null;
      return turns.take({ id: runId, lane: freeLane, priority: 'person' }, () =>
        engine.stageShares({ runId, prompt, sampling, incognito: isIncognito(chatId) }),
      );
    },
    'tokens.perplexity': ({ runId, text }) =>
      turns.take({ id: runId, lane: freeLane, priority: 'person' }, async () => {
        await loader.ensureLoaded();
        return engine.perplexity(runId, text);
      }),
    'tokens.count': (note) =>
      loader.status.state === 'ready' ? engine.countPrompt({ kind: 'text', ...note }) : null,
    'tokens.list': (note) => engine.tokensOfPrompt({ kind: 'text', ...note }),
  };
}

function doctorHandlers({ db, attachments, engine, turns, inForce }: Rooms): Room<'doctor'> {
  return {
    'doctor.inspect': ({ chatId, draft, attachments: ids }) =>
      inspectNextPrompt({ db, engine, inForce }, chatId, draft, attachments.all(ids)),
    'doctor.probe': ({ runId, template }) =>
      turns.take({ id: runId, lane: freeLane, priority: 'person' }, () =>
        engine.probeTemplate(runId, template),
      ),
  };
}

function forkHandlers(rooms: Rooms): Room<'forks'> {
  return {
    'forks.places': ({ messageId }) => forkPlaces(rooms, messageId),
    'forks.alternatives': ({ messageId, at }) => alternativesAt(rooms, messageId, at),
  };
}

function promptCacheHandlers({ engine, limitStates }: Rooms): Room<'promptCache'> {
  return {
    'promptCache.usage': limitStates,
    'promptCache.clear': () => engine.clearStates(),
  };
}
