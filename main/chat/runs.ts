/** Owns generations in progress: starts them from the conversation tree, saves what they write, ends them; never renders a prompt. */
import { t } from '../../preload/contract/language.js';
import type { Message, ReplyStats, Thread } from '../../preload/contract/chats.js';
import type { GenerateRequest } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { Run } from '../../preload/contract/index.js';
import type { ReplayResult } from '../../preload/contract/replay.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { WrittenToken } from '../../preload/contract/tokens.js';
import type { Database } from '../db/client.js';
import { newId } from '../db/id.js';
import type { NewMessage } from '../db/messages.js';
import type { EngineHost, RunReport } from '../engine/host.js';
import { stoppedBeforeStart } from '../engine/stopped.js';
import type { Broadcast } from '../ipc/router.js';
import type { ModelLoader } from '../models/loader.js';
import type { DraftAttachments } from '../attachments/drafts.js';
import { withAttachments } from './attached.js';
import { openConversation } from './conversation.js';
import { PartialSaver, statsOfReply } from './partial-saver.js';
import type { InForceFor } from './in-force.js';
import type { Planner } from './planner.js';
import type { Ticket, TurnQueue } from './queue.js';
import { LateSaves } from './late-saves.js';
import { newConversation, promptForReply, promptUpTo, type Conversation } from './prompt.js';
import { repairedSampling } from './repair.js';
import { compareReplay, replayRequest } from './replay.js';

export type RunsOptions = {
  readonly db: Database;
  readonly engine: Pick<EngineHost, 'generate' | 'cancel'>;
  readonly loader: Pick<ModelLoader, 'ensureLoaded' | 'modelName'>;
  readonly planner: Pick<Planner, 'requireRoom'>;
  readonly attachments: Pick<DraftAttachments, 'all' | 'forget'>;
  readonly turns: TurnQueue;
  /** A reply of a chat was written to its end. */
  readonly onReply?: (chatId: string) => void;
  readonly inForce: InForceFor;
  /** Whether replies end when they repeat themselves or go on as the user. */
  readonly isGuarded: () => boolean;
  readonly broadcast: Broadcast;
};

/** Hears all that is written so far, whenever it grows, and the tokens that it grew by where those were asked for. */
type OnText = (written: string, tokens: readonly WrittenToken[]) => void;

type RunEnd = Extract<RunReport, { type: 'done' | 'failed' }>;

/** A run that writes a reply, or one whose text is not kept. Until the engine has it, it waits for its turn or a model. */
type ActiveRun = {
  readonly run: Run | null;
  readonly runId: string;
  inEngine: boolean;
  /** Of this run alone. */
  written: string;
  /** Of a reply. */
  readonly saver: PartialSaver | null;
  /** Of a run whose text goes to its caller while it comes. */
  readonly onText: OnText | undefined;
  /** Resolves once the end of the run is saved. */
  readonly ended: Promise<RunEnd>;
  readonly end: (report: RunEnd) => void;
};

/** What of one reply is other than usual. */
type Changes = {
  readonly sampling?: (usual: Sampling) => Sampling;
  readonly isUnguarded?: boolean;
};

/** What all free runs share: they take turns with the chats as one of them. */
export const freeLane = 'free';

const stoppedReplay = () => new AppError({ code: 'cancelled', message: t('The replay was stopped.') });

/** How long the end of the app waits for runs to stop; a prompt being read answers after its present piece. */
const stopAllMs = 1500;

export class Runs {
  readonly #active = new Map<string, ActiveRun>();
  #saving = 0;
  readonly #late: LateSaves;
  readonly #options: RunsOptions;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#late = new LateSaves(options.db);
  }

  list(): Run[] {
    return [...this.#active.values()].flatMap(({ run }) => (run === null ? [] : [run]));
  }

  /** Whether a run goes on, or waits for its model or its turn. */
  get busy(): boolean {
    return this.#active.size > 0;
  }

  /** Adds the user's message at the end of the active path and starts the reply. */
  async send(chatId: string | null, text: string, attachmentIds: readonly string[] = []): Promise<Run> {
    const { db } = this.#options;
    const attachments = this.#options.attachments.all(attachmentIds);
    await this.#requireModel();
    if (chatId !== null) this.requireIdle(chatId);
    const conversation = chatId === null ? newConversation : await openConversation(db, chatId);
    const parentId = conversation.messages.at(-1)?.id ?? null;
    await this.#requireRoom(conversation, parentId, withAttachments(text, attachments));
    const id = chatId ?? (await db.createChat()).id;
    const question = { chatId: id, parentId, role: 'user', text, model: null, attachments } as const;
    const run = await this.#reply(t('Send message'), conversation, question);
    this.#options.attachments.forget(attachmentIds);
    return run;
  }

  /** Adds a message of either side at the end of the active path, and asks nobody to answer it. @param chatId null = a new chat */
  async add(
    chatId: string | null,
    role: Message['role'],
    text: string,
    attachmentIds: readonly string[] = [],
  ): Promise<Thread> {
    const { db, broadcast } = this.#options;
    const attachments = this.#options.attachments.all(attachmentIds);
    if (chatId !== null) this.requireIdle(chatId);
    const id = chatId ?? (await db.createChat()).id;
    const parentId = (await db.openThread(id, 1)).messages.at(-1)?.id ?? null;
    const added = await db.addMessage({ chatId: id, parentId, role, text, model: null, attachments });
    this.#options.attachments.forget(attachmentIds);
    const thread = await db.threadFrom(id, added.id);
    broadcast('chats.changed', { upserted: [thread.chat], removed: [] });
    return thread;
  }

  /** A new version of a user message with the same files, and a reply to it. */
  async resend(messageId: string, text: string): Promise<Run> {
    const { db } = this.#options;
    await this.#requireModel();
    const before = await db.findMessage(messageId);
    requireRole(before, 'user', t('Only your own messages can be sent again.'));
    this.requireIdle(before.chatId);
    const { chatId, parentId, inclusion } = before;
    const attachments = await db.attachmentsOf(messageId);
    const conversation = await openConversation(db, chatId);
    await this.#requireRoom(conversation, parentId, withAttachments(text, attachments));
    const version = { chatId, parentId, role: 'user', text, model: null, inclusion, attachments } as const;
    return this.#reply(t('Send again'), conversation, version);
  }

  /** A new version of a reply. @param isRepair so that it does not end in the same trouble */
  async regenerate(messageId: string, isRepair = false): Promise<Run> {
    const { db } = this.#options;
    await this.#requireModel();
    const reply = await db.findMessage(messageId);
    requireRole(reply, 'assistant', t('Only replies can be regenerated.'));
    this.requireIdle(reply.chatId);
    if (reply.parentId === null) {
      throw new AppError({ code: 'bad-input', message: t('There is no question before this reply.') });
    }
    const conversation = await openConversation(db, reply.chatId);
    await this.#requireRoom(conversation, reply.parentId, null);
    const asked = await db.findMessage(reply.parentId);
    const changes: Changes = isRepair ? { sampling: (usual) => repairedSampling(usual, reply) } : {};
    return this.#reply(t('Regenerate reply'), conversation, asked, changes);
  }

  /** A new version of a reply: its text up to a place, then these words, and on from there. */
  async fork(messageId: string, at: number, words: string): Promise<Run> {
    const { db, loader } = this.#options;
    await this.#requireModel();
    const reply = await db.findMessage(messageId);
    requireRole(reply, 'assistant', t('Only replies can go another way.'));
    this.requireIdle(reply.chatId);
    const { chatId, parentId } = reply;
    if (parentId === null || at > reply.text.length) {
      throw new AppError({ code: 'bad-input', message: t('There is no such place in this reply.') });
    }
    const text = reply.text.slice(0, at) + words;
    const conversation = await openConversation(db, chatId);
    const chat = { ...conversation.chat, startReplyWith: text };
    await this.#requireRoom({ ...conversation, chat }, parentId, null);
    const model = await loader.modelName();
    const version = await db.addMessage({ chatId, parentId, role: 'assistant', text, model });
    return this.#begin(await openConversation(db, chatId), version, version.id, {});
  }

  /** Goes on with the reply at the end of the active path. @param isUnguarded whatever the guard says */
  async continue(messageId: string, isUnguarded = false): Promise<Run> {
    const { db } = this.#options;
    await this.#requireModel();
    const reply = await db.findMessage(messageId);
    requireRole(reply, 'assistant', t('Only replies can be continued.'));
    this.requireIdle(reply.chatId);
    const thread = await openConversation(db, reply.chatId);
    if (thread.messages.at(-1)?.id !== messageId) {
      throw new AppError({ code: 'bad-input', message: t('Only the last reply can be continued.') });
    }
    const { systemPrompt, sampling } = await this.#options.inForce(thread.chat);
    const prompt = promptUpTo(thread, messageId, systemPrompt);
    await this.#options.planner.requireRoom(prompt, sampling.max_new_tokens);
    await db.keepRevision(messageId);
    return this.#begin(thread, reply, messageId, { isUnguarded });
  }

  /**
   * A run whose text goes to nobody but the caller.
   * @param turn whose turn it takes, before or after whom
   */
  collect(request: GenerateRequest, turn: Omit<Ticket, 'id'>, onText?: OnText): Promise<RunEnd> {
    const active = this.#accept(request.runId, { onText });
    this.#enter(active, request, turn);
    return active.ended;
  }

  /**
   * Makes a reply again, as far as that is possible today; nothing is saved.
   * @param runId for `stop`
   * @throws AppError when it fails, cancelled when it is stopped
   */
  async replay(messageId: string, runId: string): Promise<ReplayResult> {
    const { db, inForce } = this.#options;
    await this.#requireModel();
    const { chatId } = await db.findMessage(messageId);
    const thread = await openConversation(db, chatId);
    const reply = thread.messages.find(({ id }) => id === messageId);
    if (reply === undefined) {
      throw new AppError({
        code: 'not-found',
        message: t('This version of the reply is not shown any more.'),
      });
    }
    const { systemPrompt } = await inForce(thread.chat);
    const incognito = isIncognito(chatId);
    const request = { ...replayRequest(thread, reply, systemPrompt), incognito };
    const report = await this.collect({ runId, ...request }, { lane: chatId, priority: 'person' });
    if (report.type === 'failed') throw new AppError(report.error);
    if (report.stats.stopReason === 'stopped') throw stoppedReplay();
    return compareReplay(reply, report);
  }

  stop(runId: string): void {
    if (this.#options.turns.leave(runId)) return;
    const active = this.#active.get(runId);
    // One that is not ours may be a measurement of the engine.
    if (active?.inEngine ?? true) this.#options.engine.cancel(runId);
    else void this.report({ type: 'failed', runId, text: '', error: stoppedBeforeStart().toData() });
  }

  /** Stops what is written in a chat; resolves when that has ended. */
  async stopChat(chatId: string): Promise<void> {
    const ofChat = [...this.#active.values()].filter(({ run }) => run?.chatId === chatId);
    for (const { runId } of ofChat) this.stop(runId);
    await Promise.all(ofChat.map(({ ended }) => ended));
  }

  /** Resolves when no reply is written or waits for its turn. */
  async written(): Promise<void> {
    const replies = () => [...this.#active.values()].filter(({ run }) => run !== null);
    while (replies().length > 0) await Promise.all(replies().map(({ ended }) => ended));
  }

  /** Stops every run and waits, not for long, until what they wrote is saved: the app is about to end. */
  async stopAll(): Promise<void> {
    for (const runId of this.#active.keys()) this.stop(runId);
    const deadlineMs = Date.now() + stopAllMs;
    while (this.#active.size + this.#saving > 0 && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await this.#late.tryAll();
  }

  /** The engine died: the runs that it had end with what was saved of them; those that wait go on. */
  async engineDied(error: AppError): Promise<void> {
    const lost = [...this.#active.values()].filter(({ inEngine }) => inEngine);
    await Promise.all(
      lost.map(({ runId, written }) =>
        this.report({ type: 'failed', runId, text: written, error: error.toData() }),
      ),
    );
  }

  /** Takes what the engine says of a run: saves it, and tells the page when it ended. */
  async report(report: RunReport): Promise<void> {
    const active = this.#active.get(report.runId);
    if (active === undefined) return;
    const { run, saver } = active;
    if (report.type === 'text' || report.type === 'checkpoint') {
      const offset = report.type === 'text' ? report.offset : 0;
      active.written = active.written.slice(0, offset) + report.text;
      if (run !== null) run.text = run.text.slice(0, run.baseLength) + active.written;
      active.onText?.(active.written, report.type === 'text' ? (report.tokens ?? []) : []);
      saver?.grown(report.type === 'checkpoint' ? report.stats : null);
      return;
    }
    this.#active.delete(report.runId);
    saver?.stop();
    if (run !== null) {
      this.#saving++;
      await this.#save(run, report).finally(() => this.#saving--);
    }
    active.end(report);
    if (run !== null && report.type === 'done') this.#options.onReply?.(run.chatId);
    this.#options.broadcast('runs.ended', {
      runId: report.runId,
      chatId: run?.chatId ?? null,
      messageId: run?.messageId ?? null,
      text: run?.text ?? report.text,
      error: report.type === 'failed' ? report.error : null,
    });
  }

  async #save(run: Run, report: RunEnd): Promise<void> {
    run.text = run.text.slice(0, run.baseLength) + report.text;
    const save = () => this.#saveEnd(run, report);
    try {
      await save();
    } catch (thrown) {
      this.#options.broadcast('notice', AppError.from(thrown).toData());
      await this.#late.take(run.messageId, thrown, save).catch(() => undefined);
    }
  }

  async #saveEnd(run: Run, report: RunEnd): Promise<void> {
    const { db } = this.#options;
    const { messageId, text } = run;
    if (report.type === 'failed') {
      const { stats } = await db.findMessage(messageId);
      const error = [report.error.message, report.error.hint].filter((part) => part !== undefined).join(' ');
      await db.saveReply({ messageId, text, stats, error });
    } else {
      await db.saveReply({ messageId, text, stats: statsOfReply(report.stats, run), error: null });
    }
    await this.#tellThread(run.chatId, messageId);
  }

  /** Tells the page that the path of a chat is another one from this message on. */
  async #tellThread(chatId: string, messageId: string): Promise<void> {
    const { db, broadcast } = this.#options;
    broadcast('thread.changed', await db.threadFrom(chatId, messageId));
  }

  /**
   * A reply under a user message, empty but for the start that the chat gives it, and the run that fills it.
   * @param label of the step that can be undone
   * @param question one that is there already, or one to add with it
   */
  async #reply(
    label: string,
    { chat }: Pick<Conversation, 'chat'>,
    question: Message | NewMessage,
    changes: Changes = {},
  ): Promise<Run> {
    const { db, loader } = this.#options;
    const { chatId } = question;
    const text = chat.startReplyWith;
    const model = await loader.modelName();
    const isThere = 'id' in question;
    const reply = await db.startReply({
      ...{ chatId, label, question: isThere ? null : question },
      reply: { chatId, parentId: isThere ? question.id : null, role: 'assistant', text, model },
    });
    const lastId = text === '' ? reply.parentId! : reply.id;
    return this.#begin(await openConversation(db, chatId), reply, lastId, changes);
  }

  /** @param lastId the last message of the prompt: the question, or the reply to go on with */
  async #begin(
    thread: Thread & Conversation,
    reply: Message,
    lastId: string,
    { sampling: changed = (usual) => usual, isUnguarded = false }: Changes,
  ): Promise<Run> {
    const { broadcast, inForce, isGuarded } = this.#options;
    const { sampling, systemPrompt } = await inForce(thread.chat);
    const run: Run = {
      runId: newId(),
      chatId: thread.chat.id,
      messageId: reply.id,
      baseLength: reply.text.length,
      text: reply.text,
    };
    const active = this.#accept(run.runId, { run, stats: reply.stats });
    broadcast('chats.changed', { upserted: [thread.chat], removed: [] });
    await this.#tellThread(thread.chat.id, reply.parentId ?? reply.id);
    broadcast('runs.started', run);
    const prompt = promptUpTo(thread, lastId, systemPrompt);
    const { chatId } = run;
    const request = {
      runId: run.runId,
      prompt,
      sampling: changed(sampling),
      isGuarded: isGuarded() && !isUnguarded,
      conversation: chatId,
      incognito: isIncognito(chatId),
    };
    this.#enter(active, request, { lane: run.chatId, priority: 'person' });
    return run;
  }

  /** From here on the run is listed, and can be stopped. */
  #accept(
    runId: string,
    {
      run = null,
      stats = null,
      onText,
    }: { run?: Run | null; stats?: ReplyStats | null; onText?: ActiveRun['onText'] },
  ): ActiveRun {
    const { db, broadcast } = this.#options;
    const saver =
      run && new PartialSaver({ db, run, stats, onProblem: (error) => broadcast('notice', error) });
    let end: ActiveRun['end'];
    const ended = new Promise<RunEnd>((resolve) => (end = resolve));
    const active: ActiveRun = {
      ...{ run, runId, inEngine: false, written: '', saver, onText },
      ...{ ended, end: end! },
    };
    this.#active.set(runId, active);
    return active;
  }

  /** Waits for its turn, then for its model, then generates. */
  #enter(active: ActiveRun, request: GenerateRequest, turn: Omit<Ticket, 'id'>): void {
    const { runId } = active;
    this.#options.turns
      .take({ id: runId, ...turn }, () => this.#generate(active, request))
      .catch((thrown: unknown) =>
        this.report({ type: 'failed', runId, text: '', error: AppError.from(thrown).toData() }),
      );
  }

  /** Resolves when the run has ended: its turn is over then. */
  async #generate(active: ActiveRun, request: GenerateRequest): Promise<void> {
    const { engine, loader } = this.#options;
    await loader.ensureLoaded();
    // Stopped while the model was loaded: that is reported already.
    if (!this.#active.has(active.runId)) return;
    active.inEngine = true;
    await engine.generate(request);
    await active.ended;
  }

  /** Before anything is saved. @param question null when the message `lastId` is the question */
  async #requireRoom(conversation: Conversation, lastId: string | null, question: string | null) {
    const { planner, inForce } = this.#options;
    const { systemPrompt, sampling } = await inForce(conversation.chat);
    const prompt = promptForReply(conversation, lastId, question, systemPrompt);
    await planner.requireRoom(prompt, sampling.max_new_tokens);
  }

  /** Before anything is saved: a message that no model can answer stays in the input. */
  async #requireModel(): Promise<void> {
    await this.#options.loader.modelName();
  }

  /** @throws AppError `busy` while a reply is written in the chat */
  requireIdle(chatId: string): void {
    if (this.list().some((run) => run.chatId === chatId)) {
      throw new AppError({
        code: 'busy',
        message: t('A reply is being written in this chat.'),
        hint: t('Stop it, or wait until it is done.'),
      });
    }
  }
}

function requireRole(message: Message, role: Message['role'], problem: string): void {
  if (message.role !== role) throw new AppError({ code: 'bad-input', message: problem });
}
