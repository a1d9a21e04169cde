/**
 * Owns the work at batches: task after task of the oldest one that runs, in the background of all that a person asks;
 * each result is kept at once, so that whatever ends the app, nothing is done twice. Never what a result means.
 */
import { t } from '../../preload/contract/language.js';
import type { Match } from '../../preload/contract/arena.js';
import { contestantLabel } from '../../preload/contract/arena-words.js';
import type { Batch, NewBatch } from '../../preload/contract/batches.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import type { ConversationSource } from '../chat/conversation.js';
import type { InForceFor } from '../chat/in-force.js';
import type { TurnQueue } from '../chat/queue.js';
import type { Database } from '../db/client.js';
import { newId } from '../db/id.js';
import type { PromptSets } from '../prompt-sets/prompt-sets.js';
import type { Arena } from './arena.js';
import type { BatchTask, PerplexityTask, ReplyTask, TaskResult, VerdictTask } from './batch-task.js';
import type { ArenaEngine, ArenaEngines, RunEnd, Writing } from './engines.js';
import { judgeRequest } from './judge/question.js';
import { readVerdict } from './judge/verdict.js';
import { askedOf } from './question.js';
import { viewOf } from './view.js';

export type BatchesOptions = {
  readonly db: ConversationSource &
    Pick<
      Database,
      | 'listBatches'
      | 'createBatch'
      | 'createJudging'
      | 'nextTask'
      | 'endTask'
      | 'failTasksLike'
      | 'setBatchState'
      | 'retryBatch'
      | 'removeBatch'
      | 'nextUnvoted'
      | 'findMatch'
    >;
  readonly arena: Pick<Arena, 'enter'>;
  readonly engines: Pick<ArenaEngines, 'write' | 'stop' | 'withModel'>;
  readonly promptSets: Pick<PromptSets, 'find' | 'prompts'>;
  readonly turns: Pick<TurnQueue, 'take' | 'leave'>;
  readonly inForce: InForceFor;
  readonly nameOf: (path: string) => Promise<string>;
  readonly isGuarded: () => boolean;
  /** Keeps the machine from going to sleep. */
  readonly stayAwake: (isNeeded: boolean) => void;
  /** Told of the whole list after each change. */
  readonly onChange: (list: readonly Batch[]) => void;
  /** What could not be kept: the work stops. */
  readonly onProblem: (error: ErrorData) => void;
};

/** The task that is done next, or now. */
type Current = {
  readonly task: BatchTask;
  readonly runId: string;
  /** Whether its turn has come. */
  hasBegun: boolean;
  isStopped: boolean;
  /** There while an engine measures. */
  cancel?: () => void;
};

/** All batches together take their turns with the model as one. */
const lane = 'batch';
const nothing = { text: '', stats: null, measures: null, error: null, verdict: null } as const;

export class Batches {
  #current: Current | null = null;
  #work: Promise<void> | null = null;
  /** Whether there may be more to do than when it was looked at last. */
  #isAsked = false;
  /** While it is stopped. */
  #isHeld = false;
  readonly #options: BatchesOptions;

  constructor(options: BatchesOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#work !== null;
  }

  /** Goes on with what was under way when the app ended, or when the work was stopped. */
  open(): void {
    this.#isAsked = true;
    this.#work ??= this.#doAll().finally(() => {
      this.#work = null;
      if (this.#isAsked) this.open();
    });
  }

  async list(): Promise<Batch[]> {
    const batches = await this.#options.db.listBatches();
    // Looked at last: an answer that is older than what was told before it would hide that.
    const current = this.#current;
    return batches.map((batch) => ({
      ...batch,
      current: current?.task.batchId === batch.id ? labelOf(current.task) : null,
    }));
  }

  /** Something changed them from elsewhere, such as an undo. */
  async tell(): Promise<void> {
    this.#options.onChange(await this.list());
    this.open();
  }

  /** @throws AppError bad-input for a set without prompts, not-found */
  async start({ setId, contestants: specs, judgePath, ...rest }: NewBatch): Promise<Batch> {
    const { db, arena, promptSets, nameOf } = this.#options;
    const { name } = await promptSets.find(setId);
    const prompts = (await promptSets.prompts(setId)).filter(({ text }) => text.trim() !== '');
    if (prompts.length === 0) {
      throw new AppError({
        code: 'bad-input',
        message: t('There is no prompt in “{set}”.', { set: name }),
        hint: t('Add some, or choose another set.'),
      });
    }
    const entered = await arena.enter(specs);
    const contestants = [...new Map(entered.map((one) => [one.id, one])).values()];
    const judge = judgePath === null ? null : { path: judgePath, name: await nameOf(judgePath) };
    return this.#begun(await db.createBatch({ ...rest, name, prompts, contestants, judge }));
  }

  /** Lets a model judge the duels of a batch that it has not judged. @param batchId null = all duels @throws AppError bad-input when there are none */
  async judge(batchId: string | null, judgePath: string): Promise<Batch> {
    const { db, nameOf } = this.#options;
    const judge = { path: judgePath, name: await nameOf(judgePath) };
    const id = await db.createJudging(judge, batchId);
    if (id !== null) return this.#begun(id);
    throw new AppError({
      code: 'bad-input',
      message: t('There is no duel that {judge} has not judged.', { judge: judge.name }),
      hint: t('A duel is there once two contestants have answered the same prompt.'),
    });
  }

  async pause(batchId: string): Promise<void> {
    await this.#options.db.setBatchState(batchId, 'paused');
    this.#interrupt(batchId);
    await this.tell();
  }

  async resume(batchId: string): Promise<void> {
    await this.#options.db.setBatchState(batchId, 'running');
    await this.tell();
  }

  /** Tries again what failed. */
  async retry(batchId: string): Promise<void> {
    await this.#options.db.retryBatch(batchId);
    await this.tell();
  }

  async remove(batchId: string): Promise<void> {
    await this.#options.db.removeBatch(batchId);
    this.#interrupt(batchId);
    await this.tell();
  }

  /** The duel that waits longest for the user's vote; its names are hidden. */
  async nextDuel(): Promise<Match | null> {
    const { db } = this.#options;
    const id = await db.nextUnvoted();
    return id === null ? null : viewOf(await db.findMatch(id), null);
  }

  /** A person wants the model: what is under way is given up, and done later. */
  giveWay(): void {
    if (this.#current?.hasBegun === true) this.#interrupt(null);
  }

  /** Stops the work; `open` goes on with it. */
  async stopAll(): Promise<void> {
    this.#isHeld = true;
    this.#interrupt(null);
    await this.#work;
    this.#isHeld = false;
  }

  async #begun(id: string): Promise<Batch> {
    await this.tell();
    return (await this.list()).find((batch) => batch.id === id)!;
  }

  /** @param batchId null = whichever it is */
  #interrupt(batchId: string | null): void {
    const current = this.#current;
    if (current === null || current.isStopped) return;
    if (batchId !== null && current.task.batchId !== batchId) return;
    current.isStopped = true;
    const { turns, engines } = this.#options;
    if (!current.hasBegun) turns.leave(current.runId);
    else if (current.cancel !== undefined) current.cancel();
    else engines.stop(current.runId);
  }

  async #doAll(): Promise<void> {
    const { db, stayAwake, onProblem } = this.#options;
    try {
      for (;;) {
        this.#isAsked = false;
        const task = this.#isHeld ? null : await db.nextTask();
        if (task === null) break;
        stayAwake(true);
        await this.#do(task);
      }
    } catch (thrown) {
      // Without a way to keep results there is no sense in more of them.
      this.#isAsked = false;
      onProblem(AppError.from(thrown).toData());
    } finally {
      stayAwake(false);
      this.#current = null;
      await this.#tellOnly();
    }
  }

  /** In its turn; what was stopped leaves no result. @throws what could not be kept */
  async #do(task: BatchTask): Promise<void> {
    const { db, turns } = this.#options;
    const current: Current = { task, runId: newId(), hasBegun: false, isStopped: false };
    this.#current = current;
    // Paused after the task was looked for, and before anybody could be told to stop it.
    const batch = (await this.#tellOnly())?.find(({ id }) => id === task.batchId);
    if (batch?.state === 'paused') return;
    const turn = turns.take({ id: current.runId, lane, priority: 'background' }, () => {
      current.hasBegun = true;
      return current.isStopped ? Promise.resolve(null) : this.#result(task, current);
    });
    const result = await turn.catch((thrown: unknown) => failure(AppError.from(thrown)));
    if (result !== null && !current.isStopped) await db.endTask(task, result);
  }

  /** @returns null where it was stopped, and where nothing of the model can be done: that is kept already */
  async #result(task: BatchTask, current: Current): Promise<TaskResult | null> {
    if (task.kind === 'perplexity') return this.#measured(task, current);
    let loaded: Parameters<NonNullable<Writing['onLoaded']>>[0] | null = null;
    const onLoaded: Writing['onLoaded'] = (measures) => (loaded = measures);
    const end =
      task.kind === 'reply'
        ? await this.#reply(task, current.runId, onLoaded)
        : await this.#verdict(task, current.runId, onLoaded);
    // Cancelled or ended by a stop, it is not whole, whoever asked for it.
    if (end.type === 'failed' ? end.error.code === 'cancelled' : end.stats.stopReason === 'stopped')
      return null;
    if (end.type === 'failed') {
      if (loaded !== null) return { ...nothing, text: end.text, error: end.error };
      await this.#options.db.failTasksLike(task, end.error);
      return null;
    }
    const result = { ...nothing, text: end.text, stats: end.stats, measures: loaded };
    if (task.kind === 'reply') return result;
    const verdict = readVerdict(end.text);
    return verdict === null ? { ...result, error: noVerdict().toData() } : { ...result, verdict };
  }

  async #reply(task: ReplyTask, runId: string, onLoaded: Writing['onLoaded']): Promise<RunEnd> {
    const { db, engines, inForce, isGuarded } = this.#options;
    const { contestant, prompt: text, seed, maxTokens } = task;
    const asked = await askedOf(db, inForce, { chatId: null, prompt: text, history: [] });
    const { prompt, sampling } = await asked.promptFor(contestant, seed);
    const own = sampling.max_new_tokens || maxTokens;
    const bounded = { ...sampling, max_new_tokens: Math.min(own, maxTokens) };
    const request = { runId, prompt, sampling: bounded, isGuarded: isGuarded() };
    return engines.write({ ...contestant, request, ...(onLoaded && { onLoaded }) });
  }

  async #verdict(task: VerdictTask, runId: string, onLoaded: Writing['onLoaded']): Promise<RunEnd> {
    const [a = '', b = ''] = task.answers;
    const [first, second] = task.swapped ? [b, a] : [a, b];
    const judged = judgeRequest({ task: task.task, reference: task.reference, first, second });
    return this.#options.engines.write({
      ...{ modelPath: task.judgePath, template: null },
      request: { runId, ...judged },
      ...(onLoaded && { onLoaded }),
    });
  }

  async #measured({ contestant, text }: PerplexityTask, current: Current): Promise<TaskResult> {
    const measure = (engine: ArenaEngine) => {
      current.cancel = () => engine.cancel(current.runId);
      if (current.isStopped) throw new AppError({ code: 'cancelled', message: t('It was stopped.') });
      return engine.perplexity(current.runId, text);
    };
    const { perplexity, tokens } = await this.#options.engines.withModel(contestant, measure);
    return { ...nothing, measures: { perplexity, tokens } };
  }

  /** @returns null where the list can't be read: the page says why by itself */
  async #tellOnly(): Promise<readonly Batch[] | null> {
    const list = await this.list().catch(() => null);
    if (list !== null) this.#options.onChange(list);
    return list;
  }
}

const failure = (error: AppError): TaskResult => ({ ...nothing, error: error.toData() });

const noVerdict = () =>
  new AppError({
    code: 'bad-input',
    message: t('The judge gave no verdict that can be read.'),
  });

function labelOf(task: BatchTask): string {
  if (task.kind === 'verdict') return task.judge;
  const label = contestantLabel(task.contestant);
  return task.kind === 'perplexity' ? t('{model}: perplexity', { model: label }) : label;
}
