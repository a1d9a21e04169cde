/**
 * Owns the models that compare: each in an engine process of its own beside the chat's, as many at once as memory holds;
 * never what they are asked. Those on servers take no memory here.
 */
import { t } from '../../preload/contract/language.js';
import type { LoadPlan } from '../../preload/contract/arena.js';
import type { GenerateRequest, LoadRequest } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Fit } from '../../preload/contract/fit.js';
import type { EngineStatus } from '../../preload/contract/models.js';
import { readRemotePath } from '../../preload/contract/remote-path.js';
import type { EngineEvents, EngineHost, RunReport } from '../engine/host.js';
import { stoppedBeforeStart } from '../engine/stopped.js';
import { ModelLoader, type LoaderOptions } from '../models/loader.js';

/** What is needed of an engine process. */
export type ArenaEngine = Pick<
  EngineHost,
  'load' | 'cancelLoad' | 'unload' | 'kill' | 'generate' | 'cancel' | 'stop' | 'perplexity'
>;

export type ArenaEnginesOptions = {
  /** Starts a process of its own, or a way of its own to the server of a model. */
  readonly start: (events: EngineEvents, path: string) => ArenaEngine;
  readonly settings: LoaderOptions['settings'];
  readonly inspect: LoaderOptions['inspect'];
  readonly nameOf: LoaderOptions['nameOf'];
  readonly onLoaded: LoaderOptions['onLoaded'];
  /** The template of a contestant for the engine; null = the one that the model has otherwise. */
  readonly chosenTemplate: (
    path: string,
    template: string | null,
  ) => Promise<Pick<LoadRequest, 'template' | 'written'>>;
  /** Whether a model fits, with the settings in force and as if the chat's model were not loaded. */
  readonly fit: (path: string) => Promise<Fit>;
  /** Bytes of memory that can be had now. */
  readonly availableBytes: () => Promise<number>;
  /** Whether layers go to a GPU: it has room for one model at a time. */
  readonly hasGpu: () => boolean;
  /** Whether the chat's model is in memory, and how it makes room; it is loaded again when it is needed. */
  readonly chatModel: {
    readonly isLoaded: () => boolean;
    /** Resolves when it is not being loaded any more: two loads at a time would take the cores from one another. */
    readonly settled: () => Promise<void>;
    readonly rest: () => Promise<void>;
  };
  /** A model was used. */
  readonly onUsed: () => void;
};

/** A model with a template; two templates of one model are two loads. */
export type LoadedAs = { readonly modelPath: string; readonly template: string | null };

export type Writing = LoadedAs & {
  /** @param name under which people know the model */
  readonly request: Omit<GenerateRequest, 'incognito'>;
  readonly onProgress?: (share: number) => void;
  /** From when the model is loaded. @param loadMs null = it was loaded already */
  readonly onLoaded?: (loaded: { readonly memoryBytes: number; readonly loadMs: number | null }) => void;
  readonly onReport?: (report: Extract<RunReport, { type: 'text' | 'checkpoint' }>) => void;
};

export type RunEnd = Extract<RunReport, { type: 'done' | 'failed' }>;

type Wanted = LoadedAs & Partial<Pick<Writing, 'onProgress' | 'onLoaded'>>;

type Member = LoadedAs & {
  readonly engine: ArenaEngine;
  readonly loader: ModelLoader;
  status: EngineStatus;
  neededBytes: number;
  onProgress: ((share: number) => void) | undefined;
};

type Run = { readonly member: Member; readonly writing: Writing; readonly end: (report: RunEnd) => void };

/** What a process takes beside its model: Electron's and Node's own memory, measured 60 to 90 MB. */
const processBytes = 100e6;
/** Beyond this share of what is free, other programs start to suffer. */
const comfortable = 0.9;

export class ArenaEngines {
  /** The one used last at the end. */
  #members: Member[] = [];
  readonly #runs = new Map<string, Run>();
  readonly #busy = new Set<Member>();
  /** Runs that were stopped before the engine had them. */
  readonly #stopped = new Set<string>();
  readonly #options: ArenaEnginesOptions;

  constructor(options: ArenaEnginesOptions) {
    this.#options = options;
  }

  /** Whether all of these would stay loaded together. They never write at the same time: each has the machine to itself. */
  async plan(wanted: readonly LoadedAs[]): Promise<LoadPlan> {
    const { availableBytes, hasGpu, fit } = this.#options;
    const here = wanted.filter(({ modelPath }) => isHere(modelPath));
    const different = [...new Map(here.map((one) => [keyOf(one), one])).values()];
    const needs = await Promise.all(different.map(async ({ modelPath }) => needOf(await fit(modelPath))));
    const neededBytes = sum(needs);
    const freeBytes = (await availableBytes()) + sum(this.#held());
    const numbers = { models: different.length, neededBytes, freeBytes };
    if (different.length === 0) return { ...numbers, together: true, reason: 'servers' };
    if (different.length === 1) return { ...numbers, together: true, reason: 'one-model' };
    if (hasGpu()) return { ...numbers, together: false, reason: 'gpu' };
    // As they would be loaded, one after the other beside those before.
    let leftBytes = freeBytes;
    const together = needs.every((need) => {
      const fits = need <= comfortable * leftBytes;
      leftBytes -= need;
      return fits;
    });
    return { ...numbers, together, reason: together ? 'fits' : 'memory' };
  }

  /**
   * Loads the model where it is not, and generates. The caller sees to it that nothing else generates meanwhile.
   * @returns how it ended; a load that failed too is a `failed` one
   */
  async write(writing: Writing): Promise<RunEnd> {
    const { runId } = writing.request;
    try {
      return await this.#inUse(writing, async (member) => {
        if (this.#stopped.has(runId)) throw stoppedBeforeStart();
        const ended = new Promise<RunEnd>((end) => this.#runs.set(runId, { member, writing, end }));
        await member.engine.generate({ ...writing.request, incognito: true });
        return ended;
      });
    } catch (thrown) {
      const error = this.#stopped.has(runId) ? stoppedBeforeStart() : AppError.from(thrown);
      return { type: 'failed', runId, text: '', error: error.toData() };
    } finally {
      this.#runs.delete(runId);
      this.#stopped.delete(runId);
    }
  }

  /** Loads the model where it is not, and does something with its engine. */
  async withModel<T>(wanted: LoadedAs, work: (engine: ArenaEngine) => Promise<T>): Promise<T> {
    return this.#inUse(wanted, ({ engine }) => work(engine));
  }

  /** Ends a run with what it has; one whose model is being loaded, before it begins. */
  stop(runId: string): void {
    const run = this.#runs.get(runId);
    if (run !== undefined) return run.member.engine.cancel(runId);
    this.#stopped.add(runId);
    for (const { loader, status } of this.#members) if (status.state === 'loading') loader.cancel();
  }

  /** Makes room for the chat's model, where it would not fit beside these. */
  async giveWay(path: string): Promise<void> {
    const { fit, hasGpu } = this.#options;
    for (const member of this.#members.filter((one) => isHere(one.modelPath) && !this.#busy.has(one))) {
      const { ramBytes, freeRamBytes } = await fit(path);
      if (!hasGpu() && ramBytes <= comfortable * freeRamBytes) return;
      await this.#end(member);
    }
  }

  /** Frees all models. */
  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => this.#end(member)));
  }

  #held(): number[] {
    return this.#members.map(({ status, neededBytes }) => (status.state === 'ready' ? neededBytes : 0));
  }

  /** From before it is loaded until the work is done, the model makes no room for others. */
  async #inUse<T>(wanted: Wanted, work: (member: Member) => Promise<T>): Promise<T> {
    const { modelPath, template } = wanted;
    const found = this.#members.find((one) => keyOf(one) === keyOf({ modelPath, template }));
    const member = found ?? this.#start({ modelPath, template });
    this.#members = [...this.#members.filter((other) => other !== member), member];
    this.#busy.add(member);
    try {
      await this.#load(member, wanted);
      return await work(member);
    } finally {
      this.#busy.delete(member);
    }
  }

  async #load(member: Member, { modelPath, onProgress, onLoaded }: Wanted): Promise<void> {
    const isLoaded = member.status.state === 'ready';
    let startedMs = 0;
    if (!isLoaded) {
      if (isHere(modelPath)) {
        await this.#options.chatModel.settled();
        await this.#makeRoom(member);
      }
      member.onProgress = onProgress;
      startedMs = performance.now();
      await member.loader.load(modelPath).catch(async (thrown: unknown) => {
        await this.#end(member);
        throw thrown;
      });
    }
    if (member.status.state !== 'ready') throw new Error('The model was not loaded.');
    const { weightsBytes, kvBytes, computeBytes } = member.status.memory;
    onLoaded?.({
      memoryBytes: weightsBytes + kvBytes + computeBytes,
      loadMs: isLoaded ? null : performance.now() - startedMs,
    });
  }

  /** The ones used longest ago go first, then the chat's model. */
  async #makeRoom(member: Member): Promise<void> {
    const { fit, availableBytes, hasGpu, chatModel } = this.#options;
    // A file that can't be read is told by its load.
    const need = await fit(member.modelPath).then(needOf, () => 0);
    member.neededBytes = need;
    const isShort = async () => hasGpu() || need > comfortable * (await availableBytes());
    while (await isShort()) {
      const other = this.#members.find((one) => one !== member && isHere(one.modelPath));
      if (other !== undefined) await this.#end(other);
      else if (chatModel.isLoaded()) await chatModel.rest();
      else return;
    }
  }

  #start(wanted: LoadedAs): Member {
    const { settings, inspect, nameOf, onLoaded, chosenTemplate, onUsed } = this.#options;
    const events: EngineEvents = {
      loadProgress: (progress) => loader.progressed(progress),
      notice: () => undefined,
      run: (report) => this.#report(report),
      used: onUsed,
      started: () => undefined,
      died: (error) => {
        loader.engineDied(error);
        this.#fail(member, error);
      },
    };
    const engine = this.#options.start(events, wanted.modelPath);
    const loader = new ModelLoader({
      engine,
      inspect,
      nameOf,
      onLoaded,
      firstChoice: async () => wanted.modelPath,
      chosenTemplate: (path) => chosenTemplate(path, wanted.template),
      settings: {
        get: settings.get,
        // What compares is not what the user chats with.
        set: ({ modelPath: _, ...values }) => settings.set(values),
      },
      onStatus: (status) => {
        member.status = status;
        if (status.state === 'loading') member.onProgress?.(status.progress);
      },
    });
    const member: Member = {
      ...wanted,
      ...{ engine, loader, status: { state: 'idle' }, neededBytes: 0, onProgress: undefined },
    };
    return member;
  }

  #report(report: RunReport): void {
    const run = this.#runs.get(report.runId);
    if (report.type === 'done' || report.type === 'failed') run?.end(report);
    else run?.writing.onReport?.(report);
  }

  #fail(member: Member, error: AppError): void {
    for (const run of this.#runs.values()) {
      const { runId } = run.writing.request;
      if (run.member === member) run.end({ type: 'failed', runId, text: '', error: error.toData() });
    }
  }

  async #end(member: Member): Promise<void> {
    this.#members = this.#members.filter((other) => other !== member);
    this.#fail(member, closed());
    await member.engine.stop();
  }
}

const closed = () =>
  new AppError({ code: 'cancelled', message: t('The model was unloaded while it wrote.') });

/** Whether a model is of this machine. */
const isHere = (path: string) => readRemotePath(path) === null;
const keyOf = ({ modelPath, template }: LoadedAs) => JSON.stringify([modelPath, template]);
const needOf = ({ ramBytes }: Fit) => ramBytes + processBytes;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
