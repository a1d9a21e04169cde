/** Owns which model is loaded: loads on demand, lowers the settings when a load fails, remembers both; never generates. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type { LoadProgress, LoadRequest } from '../../preload/contract/engine.js';
import type { EngineStatus, LoadedModel } from '../../preload/contract/models.js';
import { defaultContext, type ModelShape } from '../engine/memory.js';
import type { LoadSettings, LoweredLoad, Settings } from '../../preload/contract/settings.js';
import { readRemotePath } from '../../preload/contract/remote-path.js';
import type { SettingsStore } from '../settings/store.js';
import { exhausted, failureOf, loweredNote, nextRung, settingsLine } from './ladder.js';

/** What the loader needs of the engine. */
type LoadingEngine = {
  load(request: LoadRequest): Promise<LoadedModel>;
  cancelLoad(): void;
  unload(): Promise<void>;
  kill(reason: AppError): void;
};

type InspectedFile = {
  readonly stamp: string;
  readonly shape: ModelShape;
  readonly sizeBytes: number;
};

export type LoaderOptions = {
  readonly engine: LoadingEngine;
  readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  /** What the header of a file says. @throws AppError for a file that is missing or damaged */
  readonly inspect: (path: string) => Promise<InspectedFile>;
  /** The name under which people know the model of a file. */
  readonly nameOf: (path: string) => Promise<string>;
  /** The model to take when none was ever chosen. */
  readonly firstChoice: () => Promise<string | null>;
  /** The template that was chosen by hand for a file, if any. */
  readonly chosenTemplate: (path: string) => Promise<Pick<LoadRequest, 'template' | 'written'>>;
  readonly onStatus: (status: EngineStatus) => void;
  /** Sees to it that what else is loaded does not stand in the way of this file. */
  readonly makeRoom?: (path: string) => Promise<void>;
  /** A file was loaded with these settings. */
  readonly onLoaded: (file: InspectedFile, used: LoadSettings, loaded: LoadedModel) => void;
};

/** A load that was asked for; `done` includes the wait for the one before. */
type Load = {
  readonly path: string;
  done: Promise<void>;
  cancelled: boolean;
  /** Null until the engine has begun with it. */
  progress: LoadProgress | null;
};

/** What is loaded, and with which settings: what a crash while it is used goes by. */
type InUse = Pick<LoweredLoad, 'stamp' | 'wanted' | 'used' | 'causes'> & {
  readonly path: string;
  readonly shape: ModelShape;
};

/** llama.cpp reads parts of a file without looking up; after this an engine that was told to cancel is ended. */
const cancelGraceMs = 2000;

export class ModelLoader {
  #status: EngineStatus = { state: 'idle' };
  #load: Load | null = null;
  #inUse: InUse | null = null;
  /** While they were used, since the app started. */
  readonly #crashesOnGpu = new Map<string, number>();
  readonly #options: LoaderOptions;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Name of the model that will answer: the loaded one, the one being loaded, or the one that would be. */
  async modelName(): Promise<string> {
    if (this.#status.state === 'ready' || this.#status.state === 'loading') return this.#status.name;
    const path = await this.#choice();
    if (path === null) throw noModel();
    return this.#options.nameOf(path);
  }

  /**
   * Loads a file in place of the one before. A call for the file that is being loaded joins it; the last call wins.
   * @param inFull tries the user's settings again also where lower ones are remembered
   * @throws AppError with the reason, which the status then carries too
   */
  load(path: string, inFull = false): Promise<void> {
    const before = this.#load;
    if (before?.path === path && !before.cancelled) return before.done;
    this.cancel();
    const load: Load = { path, cancelled: false, progress: null, done: Promise.resolve() };
    load.done = this.#inPlaceOf(before, load, inFull);
    this.#load = load;
    return load.done;
  }

  /** Makes sure that the chosen model is loaded. @throws AppError `no-model` when there is none to choose. */
  async ensureLoaded(): Promise<void> {
    if (this.#load !== null) return this.#joined(this.#load);
    if (this.#status.state === 'ready') return;
    const path = await this.#choice();
    if (path === null) throw noModel();
    await this.load(path);
  }

  /** Waits for a load; when another one takes its place, for that one. */
  async #joined(load: Load): Promise<void> {
    try {
      await load.done;
    } catch (thrown) {
      if (this.#load === null || this.#load === load) throw thrown;
      await this.#joined(this.#load);
    }
  }

  /** Resolves when no load is in progress, however it ended. */
  async settled(): Promise<void> {
    while (this.#load !== null) await this.#load.done.catch(() => undefined);
  }

  async #choice(): Promise<string | null> {
    return this.#options.settings.get().modelPath ?? (await this.#options.firstChoice());
  }

  /** Gives the load in progress up. */
  cancel(): void {
    const load = this.#load;
    if (load === null || load.cancelled) return;
    load.cancelled = true;
    this.#options.engine.cancelLoad();
    const timer = setTimeout(() => this.#options.engine.kill(cancelled()), cancelGraceMs);
    void load.done.catch(() => undefined).finally(() => clearTimeout(timer));
  }

  async unload(): Promise<void> {
    this.cancel();
    await this.#load?.done.catch(() => undefined);
    await this.#options.engine.unload();
    this.#set({ state: 'idle' });
  }

  /**
   * At the start of the app: the model that was chosen last. No server is asked before it is needed.
   * @throws AppError as `ensureLoaded`
   */
  async start(): Promise<void> {
    const path = await this.#choice();
    if (path === null || readRemotePath(path) === null) return this.ensureLoaded();
    this.#set({ state: 'resting', path, name: await this.#options.nameOf(path), minutes: null });
  }

  /**
   * Frees a model until the next reply, which loads it again.
   * @param minutes for which it was not used; null = it makes room for others
   */
  async rest(minutes: number | null): Promise<void> {
    if (this.#status.state !== 'ready') return;
    const { path, name } = this.#status;
    // Before it is gone: who needs the model from now on has to load it.
    this.#set({ state: 'resting', path, name, minutes });
    await this.#options.engine.unload();
  }

  progressed(progress: LoadProgress): void {
    if (this.#load !== null) this.#load.progress = progress;
    if (this.#status.state === 'loading') this.#set({ ...this.#status, progress: progress.progress });
  }

  /** The engine died: nothing is loaded any more. A load in progress fails by itself with the reason. */
  engineDied({ code }: Pick<AppError, 'code'>): void {
    if (this.#load !== null || this.#status.state !== 'ready') return;
    // What ends for lack of memory is no fault of the graphics card.
    if (this.#status.gpu !== null && code !== 'engine-killed') this.#crashedOnGpu();
    this.#set({ state: 'idle' });
  }

  /** Once may be chance: a driver that was replaced, a machine that slept. From then on fewer layers go there. */
  #crashedOnGpu(): void {
    const inUse = this.#inUse;
    if (inUse === null) return;
    const { path, shape, used, causes, ...others } = inUse;
    const crashes = (this.#crashesOnGpu.get(path) ?? 0) + 1;
    this.#crashesOnGpu.set(path, crashes);
    const next = nextRung(used, { cause: 'crash', during: 'weights', onGpu: true }, shape);
    if (crashes < 2 || next === null) return;
    this.#remember(path, { ...others, used: next, causes: [...new Set([...causes, 'crash' as const])] });
  }

  async #inPlaceOf(before: Load | null, load: Load, inFull: boolean): Promise<void> {
    await before?.done.catch(() => undefined);
    try {
      await this.#run(load, inFull);
    } finally {
      if (this.#load === load) this.#load = null;
    }
  }

  async #run(load: Load, inFull: boolean): Promise<void> {
    const { path } = load;
    const name = await this.#options.nameOf(path);
    const show = (note: string | null) => this.#set({ state: 'loading', path, name, progress: 0, note });
    try {
      if (load.cancelled) throw cancelled();
      show(null);
      const { loaded, lowered } = await this.#climb(load, inFull, show);
      if (load.cancelled) {
        // It was loaded before the engine heard of the cancelling.
        await this.#options.engine.unload();
        throw cancelled();
      }
      this.#remember(path, lowered);
      this.#set({
        state: 'ready',
        ...loaded,
        name,
        note: lowered === null ? null : t('Loaded with {changes}', { changes: loweredNote(lowered) }),
      });
    } catch (thrown) {
      const error = load.cancelled ? cancelled() : AppError.from(thrown);
      if (!load.cancelled) this.#set({ state: 'failed', path, name, error: error.toData() });
      // One that takes its place shows itself.
      else if (this.#load === load) this.#set({ state: 'idle' });
      throw error;
    }
  }

  /** Loads with the settings that are wanted, or that worked before, and with lower ones as long as that fails. */
  async #climb(
    load: Load,
    inFull: boolean,
    show: (note: string) => void,
  ): Promise<{ loaded: LoadedModel; lowered: LoweredLoad | null }> {
    const { path } = load;
    if (readRemotePath(path) !== null) return { loaded: await this.#connect(path), lowered: null };
    const file = await this.#options.inspect(path);
    await this.#options.makeRoom?.(path);
    const { stamp, shape } = file;
    const settings = this.#options.settings.get();
    const { contextSize, kvType, gpuLayers, threads, loweredLoads } = settings;
    const wanted = { contextSize: contextSize || defaultContext(shape), kvType, gpuLayers };
    const known = loweredLoads[path];
    let lowered: LoweredLoad | null =
      !inFull && known?.stamp === stamp && isSame(known.wanted, wanted) ? known : null;
    const attempts: string[] = [];
    for (;;) {
      if (load.cancelled) throw cancelled();
      const used = lowered?.used ?? wanted;
      load.progress = null;
      try {
        const template = await this.#options.chosenTemplate(path);
        const loaded = await this.#options.engine.load({
          path,
          threads,
          ...template,
          draft: draftOf(settings),
          ...used,
        });
        this.#options.onLoaded(file, used, loaded);
        this.#inUse = { path, stamp, shape, wanted, used, causes: lowered?.causes ?? [] };
        return { loaded, lowered: lowered === null ? null : lessenedBy(lowered, loaded) };
      } catch (thrown) {
        const error = AppError.from(thrown);
        const failure = failureOf(error, load.progress);
        if (load.cancelled || failure === null) throw error;
        attempts.push(`${settingsLine(used)}: ${error.message}`);
        const next = nextRung(used, failure, shape);
        if (next !== null) {
          const causes = [...new Set([...(lowered?.causes ?? []), failure.cause])];
          lowered = { stamp, wanted, used: next, causes };
          show(t('Trying with {changes}', { changes: loweredNote(lowered) }));
        } else if (failure.cause === 'memory' || attempts.length > 1) throw exhausted(error, attempts);
        // Else a crash that no lower setting can cure may have been a chance one: once more as it was.
      }
    }
  }

  /** To a model on a server, which no setting of this machine loads otherwise. */
  async #connect(path: string): Promise<LoadedModel> {
    const { settings, chosenTemplate, engine } = this.#options;
    const { contextSize, kvType, gpuLayers, threads } = settings.get();
    return engine.load({ path, contextSize, kvType, gpuLayers, threads, ...(await chosenTemplate(path)) });
  }

  #remember(path: string, lowered: LoweredLoad | null): void {
    const { [path]: _before, ...others } = this.#options.settings.get().loweredLoads;
    this.#options.settings.set({
      modelPath: path,
      loweredLoads: lowered === null ? others : { ...others, [path]: lowered },
    });
  }

  #set(status: EngineStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}

/** What is lowered in truth: where no layer goes to a GPU, to have put fewer of them there means nothing. */
function lessenedBy(lowered: LoweredLoad, { gpu }: LoadedModel): LoweredLoad | null {
  const { wanted, used } = lowered;
  if (gpu !== null || used.gpuLayers === 0) return lowered;
  const real = { ...used, gpuLayers: wanted.gpuLayers };
  return isSame(real, wanted) ? null : { ...lowered, used: real };
}

function isSame(a: LoadSettings, b: LoadSettings): boolean {
  return a.contextSize === b.contextSize && a.kvType === b.kvType && a.gpuLayers === b.gpuLayers;
}

function draftOf({ draftModelPath: path, draftTokens: tokens }: Settings): LoadRequest['draft'] {
  return path === null ? undefined : { path, tokens };
}

function cancelled(): AppError {
  return new AppError({ code: 'cancelled', message: t('Loading was cancelled.') });
}

function noModel(): AppError {
  return new AppError({
    code: 'no-model',
    message: t('No model is there to answer.'),
    hint: t(
      'Add a GGUF model file under Models, or run `npm start` with a network to fetch the starter model.',
    ),
  });
}
