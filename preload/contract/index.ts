/** Owns the list of everything the page may ask of main and everything main tells the page. */
import { t } from './language.js';
import { apiServerChannels, type ApiLogEntry, type ApiState } from './api-server.js';
import { z } from 'zod';
import { arenaChannels, type ArenaEvents } from './arena.js';
import { attachmentChannels, attachmentIdsSchema } from './attachments.js';
import { backupFileChannels, type BackupFileEvents } from './backup-files.js';
import { backupChannels, type BackupEvents } from './backups.js';
import { batchChannels, type BatchEvents } from './batches.js';
import { branchChannels } from './branches.js';
import { catalogueEntrySchema } from './catalogue.js';
import { channel, nothing } from './channel.js';
import { connectionChannels, type ConnectionEvents } from './connections.js';
import { characterChannels, type CharacterEvents } from './characters.js';
import { chatListChannels, type ChatsChange, type Folder } from './chat-list.js';
import {
  chatOptionsSchema,
  chatSchema,
  idSchema,
  inclusionSchema,
  leftOutReasonSchema,
  pathMessageSchema,
  threadSchema,
  type Thread,
  textSchema,
} from './chats.js';
import { inspectionSchema, probeSchema, promptTokenSchema } from './doctor.js';
import { draftChannels } from './drafts.js';
import { downloadRequestSchema, downloadSchema, type Download } from './downloads.js';
import { promptPlanSchema, stateUsageSchema, type Frame } from './engine.js';
import { importChannels, type ImportEvents } from './imports.js';
import type { ErrorData } from './errors.js';
import { exportChannels, type ExportEvents } from './exchange.js';
import { fitSchema, measurementSchema } from './fit.js';
import { hubAccountSchema, hubFoundSchema, hubSearchSchema } from './hub.js';
import {
  addedModelsSchema,
  appFolderSchema,
  deletionSchema,
  modelLibrarySchema,
  storageSchema,
  verificationSchema,
  type LocalLibrary,
} from './local-models.js';
import { engineStatusSchema, templateChoiceSchema, type EngineStatus } from './models.js';
import { forkChannels } from './forks.js';
import {
  forgeJobSchema,
  forgeSourceSchema,
  forgeTaskSchema,
  originalSchema,
  originalSourceSchema,
  type ForgeJob,
} from './forge.js';
import { networkChannels } from './network.js';
import { noteChannels } from './notes.js';
import { presetChannels, type PresetEvents } from './presets.js';
import { promptSetChannels, type PromptSetEvents } from './prompt-sets.js';
import { replayResultSchema } from './replay.js';
import { samplingSchema } from './sampling-schema.js';
import { searchChannels } from './search.js';
import { settingsSchema } from './settings.js';
import { nextTokensSchema, perplexitySchema, stageSharesSchema } from './tokens.js';
import { treeChannels } from './tree.js';
import { undoChannels, type UndoState } from './undo.js';
import { updateChannels, type UpdateEvents } from './updates.js';
import { workshopChannels, type WorkshopEvents } from './workshop.js';

const pathSchema = z.string().min(1).max(4096);

/** A run in progress; `text` is the whole reply as far as main has it, the frames bring the rest. */
const runSchema = z.object({
  runId: idSchema,
  chatId: idSchema,
  /** The reply being written. */
  messageId: idSchema,
  /** Length of the text the reply had before this run (continue), in UTF-16 units; frame offsets count from there. */
  baseLength: z.number().int(),
  text: z.string(),
});

/** The plan of a chat's next prompt, by its messages. */
const nextPromptSchema = promptPlanSchema.omit({ leftOut: true }).extend({
  /** Messages on the active path that would not be sent. */
  leftOut: z.record(idSchema, leftOutReasonSchema),
});

/** What the doctor looked at: the draft, the question or the reply at the end of the chat, or a sample. */
const inspectedPromptSchema = inspectionSchema.extend({
  basis: z.enum(['draft', 'question', 'continue', 'sample']),
});

/** @see `textPromptSchema` of the engine */
const noteTextSchema = z.object({ text: textSchema, marks: z.boolean().default(false) });

/** A prompt outside every chat: plain text to go on with, or a message to the model. */
const freePromptSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: textSchema, marks: z.boolean().optional() }),
  z.object({ kind: z.literal('turn'), text: textSchema }),
]);

/** Requests: the page calls, main answers. */
export const channels = {
  ...apiServerChannels,
  ...arenaChannels,
  ...networkChannels,
  ...attachmentChannels,
  ...backupChannels,
  ...backupFileChannels,
  ...undoChannels,
  ...updateChannels,
  ...presetChannels,
  ...noteChannels,
  ...workshopChannels,
  ...promptSetChannels,
  ...batchChannels,
  ...forkChannels,
  ...importChannels,
  ...characterChannels,
  ...connectionChannels,
  'app.info': channel(nothing, z.object({ version: z.string(), electron: z.string(), home: z.string() })),
  /** The page can be used and listens for the engine's port; main starts the engine then. */
  'app.interactive': channel(nothing, z.void()),
  /** Saves what to speak, and starts the page again in it. */
  /** The page is loaded again, so it must be said which: an empty message changes nothing. */
  'app.speak': channel(z.object({ language: settingsSchema.shape.language.unwrap() }), z.void()),
  /** What others need to help: program, machine, failures; nothing that the user wrote or named. */
  'app.report': channel(nothing, z.string()),
  'app.openLogs': channel(nothing, z.void()),
  'app.openHome': channel(nothing, z.void()),
  /** Opens a web link in the browser after asking; only http, https and mailto. */
  'app.openLink': channel(z.object({ url: z.string().max(8192) }), z.void()),
  /** The app does not end once all replies are written, after all. */
  'app.stay': channel(nothing, z.void()),

  'settings.get': channel(nothing, settingsSchema),
  /** Merges the given top-level settings. */
  'settings.set': channel(
    z
      .object({
        theme: settingsSchema.shape.theme.unwrap(),
        textSize: settingsSchema.shape.textSize.unwrap(),
        welcomed: settingsSchema.shape.welcomed.unwrap(),
        readingPlaces: settingsSchema.shape.readingPlaces.unwrap(),
        systemPrompt: settingsSchema.shape.systemPrompt.unwrap(),
        contextSize: settingsSchema.shape.contextSize.unwrap(),
        threads: settingsSchema.shape.threads.unwrap(),
        gpuLayers: settingsSchema.shape.gpuLayers.unwrap(),
        draftModelPath: settingsSchema.shape.draftModelPath.unwrap(),
        draftTokens: settingsSchema.shape.draftTokens.unwrap(),
        idleUnloadMinutes: settingsSchema.shape.idleUnloadMinutes.unwrap(),
        promptCacheGigabytes: settingsSchema.shape.promptCacheGigabytes.unwrap(),
        kvType: settingsSchema.shape.kvType.unwrap(),
        offline: z.boolean(),
        lookForUpdates: z.boolean(),
        downloadsAtOnce: settingsSchema.shape.downloadsAtOnce.unwrap(),
        downloadMegabytesPerSecond: settingsSchema.shape.downloadMegabytesPerSecond.unwrap(),
        sidebarOpen: z.boolean(),
        pasteLongTextAsAttachment: z.boolean(),
        chatOrder: settingsSchema.shape.chatOrder.unwrap(),
        generateTitles: settingsSchema.shape.generateTitles.unwrap(),
        guardReplies: z.boolean(),
        closedFolders: settingsSchema.shape.closedFolders.unwrap(),
        keys: settingsSchema.shape.keys.unwrap(),
        lastExport: settingsSchema.shape.lastExport.unwrap(),
        comparison: settingsSchema.shape.comparison.unwrap(),
        recentCommands: settingsSchema.shape.recentCommands.unwrap(),
        presetId: settingsSchema.shape.presetId.unwrap(),
        sampling: settingsSchema.shape.sampling.unwrap(),
        personaId: settingsSchema.shape.personaId.unwrap(),
        modelLevels: settingsSchema.shape.modelLevels.unwrap(),
      })
      .partial()
      .strict(),
    settingsSchema,
  ),

  ...chatListChannels,
  ...draftChannels,
  ...treeChannels,
  ...exportChannels,
  /** The chat's path, or at most `last` messages of its end; the earlier ones come by `messages.upTo`. */
  'chats.open': channel(
    z.object({ chatId: idSchema, last: z.number().int().positive().optional() }),
    threadSchema,
  ),
  'chats.setOptions': channel(z.object({ chatId: idSchema, options: chatOptionsSchema }), chatSchema),
  /** How the chat with this message at its end would fit the context; null while no model is loaded. */
  'chats.plan': channel(
    z.object({
      chatId: idSchema.nullable(),
      draft: textSchema,
      attachments: attachmentIdsSchema.default([]),
    }),
    nextPromptSchema.nullable(),
  ),
  /** At most `count` messages of a path, oldest first, ending with this one. */
  'messages.upTo': channel(
    z.object({ chatId: idSchema, messageId: idSchema, count: z.number().int().positive() }),
    z.array(pathMessageSchema),
  ),
  /** Replaces a message's text in place; the old text is kept. */
  'messages.edit': channel(z.object({ messageId: idSchema, text: textSchema }), threadSchema),
  /** Marks a message's turn to stay in the prompt, or to stay out of it. */
  'messages.setInclusion': channel(
    z.object({ messageId: idSchema, inclusion: inclusionSchema }),
    threadSchema,
  ),
  /** Shows another version of a message, with what follows it. */
  'messages.select': channel(z.object({ messageId: idSchema }), threadSchema),

  /** Adds the user's message to the active path and starts the reply. Creates a chat when chatId is null. */
  'runs.send': channel(
    z
      .object({
        chatId: idSchema.nullable(),
        text: textSchema,
        attachments: attachmentIdsSchema.default([]),
      })
      .refine(({ text, attachments }) => text !== '' || attachments.length > 0, {
        error: () => t('There is nothing to send.'),
      }),
    runSchema,
  ),
  /** A new version of a user message with other text, and a reply to it. The old version is kept. */
  'runs.resend': channel(z.object({ messageId: idSchema, text: textSchema.min(1) }), runSchema),
  /** A new version of a reply. The old one is kept. @param isRepair so that it does not end in the trouble that the guard stopped */
  'runs.regenerate': channel(
    z.object({ messageId: idSchema, isRepair: z.boolean().default(false) }),
    runSchema,
  ),
  /** Goes on with the last reply where it ended. @param isUnguarded whatever the guard says */
  'runs.continue': channel(
    z.object({ messageId: idSchema, isUnguarded: z.boolean().default(false) }),
    runSchema,
  ),
  /** Makes a reply again from what it came from, and compares; `runId` is the page's, to show it and to stop it. */
  'runs.replay': channel(z.object({ messageId: idSchema, runId: idSchema }), replayResultSchema),
  /**
   * Lets the model write the user's next message. @returns what comes after the start, also when it was stopped; while it
   * is written, frames bring it under the `runId` of the page
   */
  'runs.impersonate': channel(
    z.object({ chatId: idSchema.nullable(), start: textSchema, runId: idSchema }),
    z.string(),
  ),
  /** A new version of a reply: its text up to a place, and other words from there on. The old one is kept. */
  'runs.fork': channel(
    z.object({ messageId: idSchema, at: z.number().int().nonnegative(), text: z.string().min(1).max(1000) }),
    runSchema,
  ),
  'runs.stop': channel(z.object({ runId: idSchema }), z.void()),
  'runs.list': channel(nothing, z.array(runSchema)),
  /** How many pieces of work come before each run that waits for its turn, the one that goes on included; by run. */
  'runs.waiting': channel(nothing, z.record(idSchema, z.number().int())),
  /** The likeliest next tokens, before and after the samplers; waits for its turn. */
  'tokens.probabilities': channel(
    z.object({ prompt: freePromptSchema, sampling: samplingSchema }),
    nextTokensSchema,
  ),
  /**
   * What may come as the first word of a chat's next reply after each sampler: with the draft where there is one, else
   * for its last question again; null where nothing was said yet. `runId` is as that of `tokens.perplexity`.
   */
  'tokens.stages': channel(
    z.object({
      runId: idSchema,
      chatId: idSchema.nullable(),
      draft: textSchema,
      attachments: attachmentIdsSchema.default([]),
      sampling: samplingSchema,
    }),
    stageSharesSchema.nullable(),
  ),
  /** `runId` is the page's, to show the progress, and for `runs.stop`. */
  'tokens.perplexity': channel(z.object({ runId: idSchema, text: textSchema }), perplexitySchema),
  /** Of a text that is a prompt by itself; null while no model is loaded. */
  'tokens.count': channel(noteTextSchema, z.number().nullable()),
  /** The same, token by token. @throws no-model */
  'tokens.list': channel(noteTextSchema, z.array(promptTokenSchema)),

  /** What the saved states of chats take, after they were brought within the budget of the settings. */
  'promptCache.usage': channel(nothing, stateUsageSchema),
  'promptCache.clear': channel(nothing, stateUsageSchema),
  /**
   * The next prompt of a chat as it would be sent: with the draft where there is one, else what Continue would send; a
   * sample conversation where nothing was said yet.
   */
  'doctor.inspect': channel(
    z.object({
      chatId: idSchema.nullable(),
      draft: textSchema,
      attachments: attachmentIdsSchema.default([]),
    }),
    inspectedPromptSchema,
  ),
  /** Probes a template with the loaded model; null = the one in force. `runs.stop` ends it. */
  'doctor.probe': channel(z.object({ runId: idSchema, template: z.string().nullable() }), probeSchema),

  /** All models of the catalogue in the order of their history. */
  'catalogue.list': channel(nothing, z.array(catalogueEntrySchema)),
  /** Puts a file of the catalogue into the queue of downloads. */
  'catalogue.download': channel(z.object({ repository: z.string(), fileName: z.string() }), z.void()),

  /** In the order in which their turn comes; the finished ones too, until they are cleared. */
  'downloads.list': channel(nothing, z.array(downloadSchema)),
  /** Puts a model into the queue. @throws `busy` when it is there already */
  'downloads.start': channel(downloadRequestSchema, downloadSchema),
  'downloads.pause': channel(z.object({ id: idSchema }), z.void()),
  /** Goes on with a paused one, tries a failed one again, and lets a waiting one try now. */
  'downloads.resume': channel(z.object({ id: idSchema }), z.void()),
  /** Takes one out of the list; what was fetched is kept for a minute, for `downloads.restore`. */
  'downloads.cancel': channel(z.object({ id: idSchema }), z.void()),
  'downloads.restore': channel(z.object({ id: idSchema }), z.void()),
  /** Changes the place in the queue. */
  'downloads.move': channel(z.object({ id: idSchema, by: z.union([z.literal(-1), z.literal(1)]) }), z.void()),
  'downloads.clearFinished': channel(nothing, z.void()),
  'downloads.openFolder': channel(nothing, z.void()),

  /** Looks again. */
  'models.list': channel(nothing, modelLibrarySchema),
  /** Lets the user pick GGUF files, or a folder whose models are listed from now on. */
  'models.add': channel(z.object({ what: z.enum(['files', 'folder']) }), addedModelsSchema),
  /** Adds files and folders that the user dropped, or that an offer named. */
  'models.addPaths': channel(z.object({ paths: z.array(pathSchema).max(1000) }), addedModelsSchema),
  /** Takes a file or a folder out of the list; nothing happens to it on the disk. */
  'models.forget': channel(z.object({ path: pathSchema }), modelLibrarySchema),
  /** Looks for the models of other apps; adds nothing. */
  'models.findApps': channel(nothing, z.array(appFolderSchema)),
  /** Whether each model of the list would load with the settings in force; by path, without those that can't be used. */
  'models.fits': channel(nothing, z.record(z.string(), fitSchema)),
  /** Reads all of a model; its progress comes as `models.verifying`. */
  'models.verify': channel(z.object({ path: pathSchema }), verificationSchema),
  'models.cancelVerify': channel(z.object({ path: pathSchema }), z.void()),
  /** Moves a model to the trash after asking; without a trash deletes it after asking again. */
  'models.delete': channel(z.object({ path: pathSchema }), deletionSchema),
  /** What of the disk is used and free beyond what the list of models says. */
  'models.storage': channel(nothing, storageSchema),
  'models.openFolder': channel(z.object({ path: pathSchema }), z.void()),
  'models.showInFolder': channel(z.object({ path: pathSchema }), z.void()),
  /** @param inFull forgets the lower settings that this file was loaded with before */
  'models.load': channel(z.object({ path: pathSchema, inFull: z.boolean().default(false) }), z.void()),
  'models.cancelLoad': channel(nothing, z.void()),
  'models.unload': channel(nothing, z.void()),
  'models.status': channel(nothing, engineStatusSchema),
  'models.templates': channel(nothing, z.array(templateChoiceSchema)),
  /** Chooses the prompt template for a model by hand; null goes back to the detected one. */
  'models.setTemplate': channel(z.object({ path: pathSchema, template: z.string().nullable() }), z.void()),

  /** The load that was measured last: what was estimated, and what it took; null before the first one. */
  'fit.lastLoad': channel(nothing, measurementSchema.nullable()),

  /** Searches the hub, or opens the repository or link that the text is. A later question cancels this one. */
  'hub.find': channel(hubSearchSchema, hubFoundSchema),
  /**
   * Whether models of one shape fit, with the settings in force: the header is read at `url`; null stands for the size
   * of that file.
   */
  'hub.fits': channel(
    z.object({ url: z.string().max(8192), sizesBytes: z.array(z.number().nullable()).max(1000) }),
    z.array(fitSchema),
  ),
  'hub.account': channel(nothing, hubAccountSchema),
  /** Another address of the hub's API; '' goes back to the usual one. */
  'hub.setEndpoint': channel(z.object({ endpoint: z.string().max(2048) }), hubAccountSchema),
  /** Keeps a token in the system's keychain; null forgets it. */
  'hub.setToken': channel(
    z.object({ token: z.string().trim().min(1).max(500).nullable() }),
    hubAccountSchema,
  ),

  /** Lets the user pick a file to make a model of; null = none. */
  'forge.choose': channel(nothing, pathSchema.nullable()),
  /** What a file is; an error says why nothing can be made of it. */
  'forge.look': channel(z.object({ path: pathSchema }), forgeSourceSchema),
  /** Lets the user pick a folder of released weights, or of their base; null = none. */
  'forge.chooseFolder': channel(nothing, pathSchema.nullable()),
  /** What released weights are; an error says what is missing or does not fit together. */
  'forge.lookAtOriginal': channel(originalSchema, originalSourceSchema),
  /** Newest first. */
  'forge.list': channel(nothing, z.array(forgeJobSchema)),
  'forge.start': channel(forgeTaskSchema, forgeJobSchema),
  'forge.cancel': channel(z.object({ jobId: idSchema }), z.void()),
  /** Takes an ended job out of the list. */
  'forge.forget': channel(z.object({ jobId: idSchema }), z.void()),
  ...searchChannels,
  ...branchChannels,
} as const;

/** Broadcasts: main tells the page. */
type Events = PresetEvents &
  BackupEvents &
  ArenaEvents &
  BackupFileEvents &
  ExportEvents &
  CharacterEvents &
  ConnectionEvents &
  WorkshopEvents &
  PromptSetEvents &
  BatchEvents &
  UpdateEvents &
  ImportEvents & {
    /** Whether the app ends once all replies are written. */
    readonly 'app.leaving': boolean;
    readonly 'chats.changed': ChatsChange;
    readonly 'folders.changed': Folder[];
    /** What of a chat's path is new or another than it was. */
    readonly 'thread.changed': Thread;
    readonly 'api.changed': ApiState;
    /** A request to the local API has ended. */
    readonly 'api.done': ApiLogEntry;
    /** A request left the app, or went on, or ended. */
    readonly 'network.changed': null;
    readonly 'undo.changed': UndoState;
    /** Undo or Redo was chosen in the menu: for the text field that has the focus, else for the latest step. */
    readonly 'undo.chosen': 'undo' | 'redo';
    readonly 'models.status': EngineStatus;
    /** Models came, went or changed. */
    readonly 'models.library': LocalLibrary;
    /** The system opened model files with the app. */
    readonly 'models.asked': { readonly paths: readonly string[] };
    /** Share of a model's bytes that were read; null at the end. */
    readonly 'models.verifying': { readonly path: string; readonly progress: number | null };
    readonly 'attachments.reading': { readonly id: string; readonly progress: number };
    readonly 'forge.changed': ForgeJob[];
    readonly 'runs.started': Run;
    /** What a server writes; that of this machine comes over the engine's port. */
    readonly 'runs.frame': Frame;
    /** As the channel of this name; what it does not list has its turn. */
    readonly 'runs.waiting': Record<string, number>;
    /** The end of any run; chatId and messageId are null for free ones. `text` is the whole reply. */
    readonly 'runs.ended': {
      readonly runId: string;
      readonly chatId: string | null;
      readonly messageId: string | null;
      readonly text: string;
      readonly error: ErrorData | null;
    };
    /** Several times a second while one runs. */
    readonly 'downloads.changed': Download[];
    /** Something went wrong that no call was waiting for. */
    readonly notice: ErrorData;
  };

type Channels = typeof channels;
export type Channel = keyof Channels;
export type Input<C extends Channel> = z.input<Channels[C]['input']>;
export type ParsedInput<C extends Channel> = z.output<Channels[C]['input']>;
export type Output<C extends Channel> = z.output<Channels[C]['output']>;
export type EventName = keyof Events;
export type EventData<E extends EventName> = Events[E];
export type InspectedPrompt = z.infer<typeof inspectedPromptSchema>;
export type NextPrompt = z.infer<typeof nextPromptSchema>;
export type Run = z.infer<typeof runSchema>;
export type FreePrompt = z.infer<typeof freePromptSchema>;

export type Envelope<T> = { ok: true; value: T } | { ok: false; error: ErrorData };

/** What the preload puts on `window.altiplano`. */
export type Bridge = {
  request(channel: string, input: unknown): Promise<Envelope<unknown>>;
  /** Where a file lies that the user dropped onto the window; empty for one that lies nowhere. */
  pathOf(file: File): string;
  onEvent(listener: (name: string, data: unknown) => void): () => void;
};
