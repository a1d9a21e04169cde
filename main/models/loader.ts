/** Owns which model is loaded: loads on demand, reports status, remembers the choice; never generates. */
import { AppError } from '../../preload/contract/errors.js';
import type { LoadRequest } from '../../preload/contract/engine.js';
import type { EngineStatus, LoadedModel } from '../../preload/contract/models.js';
import type { Settings } from '../../preload/contract/settings.js';
import { displayName } from './display-name.js';

/** What the loader needs of the engine. */
type LoadingEngine = {
  load(request: LoadRequest): Promise<LoadedModel>;
  cancelLoad(): void;
  unload(): Promise<void>;
};

export type LoaderOptions = {
  readonly engine: LoadingEngine;
  readonly settings: () => Settings;
  readonly remember: (path: string) => void;
  /** The model to take when none was ever chosen. */
  readonly firstChoice: () => Promise<string | null>;
  readonly onStatus: (status: EngineStatus) => void;
};

export class ModelLoader {
  #status: EngineStatus = { state: 'idle' };
  #loading: { path: string; done: Promise<void> } | null = null;
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
    return displayName(path);
  }

  /**
   * Loads a file in place of the one before. A second call for the same file joins the first.
   * @throws AppError with the reason, which the status then carries too
   */
  async load(path: string): Promise<void> {
    if (this.#loading !== null) {
      if (this.#loading.path === path) return this.#loading.done;
      this.cancel();
      await this.#loading.done.catch(() => undefined);
    }
    const done = this.#load(path);
    this.#loading = { path, done };
    try {
      await done;
    } finally {
      if (this.#loading.done === done) this.#loading = null;
    }
  }

  /** Makes sure that the chosen model is loaded. @throws AppError `no-model` when there is none to choose. */
  async ensureLoaded(): Promise<void> {
    if (this.#status.state === 'ready') return;
    if (this.#loading !== null) return this.#loading.done;
    const path = await this.#choice();
    if (path === null) throw noModel();
    await this.load(path);
  }

  async #choice(): Promise<string | null> {
    return this.#options.settings().modelPath ?? (await this.#options.firstChoice());
  }

  cancel(): void {
    if (this.#loading !== null) this.#options.engine.cancelLoad();
  }

  async unload(): Promise<void> {
    this.cancel();
    await this.#loading?.done.catch(() => undefined);
    await this.#options.engine.unload();
    this.#set({ state: 'idle' });
  }

  progressed(progress: number): void {
    if (this.#status.state === 'loading') this.#set({ ...this.#status, progress });
  }

  /** The engine died: nothing is loaded any more. A load in progress fails by itself with the reason. */
  engineDied(): void {
    if (this.#loading === null && this.#status.state === 'ready') this.#set({ state: 'idle' });
  }

  async #load(path: string): Promise<void> {
    const { contextSize, threads, gpuLayers, templates } = this.#options.settings();
    const name = displayName(path);
    this.#set({ state: 'loading', path, name, progress: 0 });
    try {
      const template = templates[path] ?? null;
      const loaded = await this.#options.engine.load({ path, contextSize, threads, gpuLayers, template });
      this.#options.remember(path);
      this.#set({ state: 'ready', ...loaded });
    } catch (thrown) {
      const error = AppError.from(thrown);
      this.#set(
        error.code === 'cancelled'
          ? { state: 'idle' }
          : { state: 'failed', path, name, error: error.toData() },
      );
      throw error;
    }
  }

  #set(status: EngineStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}

function noModel(): AppError {
  return new AppError({
    code: 'no-model',
    message: 'No model is there to answer.',
    hint: 'Add a GGUF model file under Models, or run `npm start` with a network to fetch the starter model.',
  });
}
