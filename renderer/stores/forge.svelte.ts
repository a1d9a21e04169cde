/** Owns the forge as the page knows it: the file that was chosen, what it is, and the jobs. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { ForgeJob, ForgeSource, ForgeTask, OriginalSource } from '../../preload/contract/forge.js';
import { on, request, toErrorData } from '../services/api.js';
import { models } from './models.svelte.js';
import { modelsView } from './models-view.svelte.js';
import { notices } from './notices.svelte.js';

type Recipe = { readonly path: string; readonly base: string | null };

class Forge {
  jobs = $state.raw<readonly ForgeJob[]>([]);
  source = $state.raw<ForgeSource | null>(null);
  /** Released weights that were chosen, and their base. */
  recipe = $state.raw<Recipe | null>(null);
  /** What they are; null also where that can't be told. */
  original = $state.raw<OriginalSource | null>(null);
  /** Why nothing can be made of the file that was chosen. */
  error = $state.raw<ErrorData | null>(null);
  looking = $state(false);
  #listens = false;

  /** Called whenever the section is shown. */
  async open(): Promise<void> {
    if (!this.#listens) on('forge.changed', (jobs) => this.#changed(jobs));
    this.#listens = true;
    this.jobs = await request('forge.list');
  }

  async choose(): Promise<void> {
    const path = await notices.guard(request('forge.choose'));
    if (path !== undefined && path !== null) await this.look(path);
  }

  async look(path: string): Promise<void> {
    this.clear();
    this.looking = true;
    try {
      this.source = await request('forge.look', { path });
    } catch (thrown) {
      this.error = toErrorData(thrown);
    } finally {
      this.looking = false;
    }
  }

  /** Leads from elsewhere to what is asked before a model is quantised. */
  quantize(path: string): void {
    modelsView.section = 'import';
    void this.look(path);
  }

  async chooseFolder(): Promise<void> {
    const path = await notices.guard(request('forge.chooseFolder'));
    if (path !== undefined && path !== null) await this.lookAtOriginal(path, null);
  }

  /** @param channel what can be chosen: a folder or a file */
  async chooseBase(channel: 'forge.chooseFolder' | 'forge.choose'): Promise<void> {
    const base = await notices.guard(request(channel));
    const { recipe } = this;
    if (base !== undefined && base !== null && recipe !== null) await this.lookAtOriginal(recipe.path, base);
  }

  async lookAtOriginal(path: string, base: string | null): Promise<void> {
    this.clear();
    this.recipe = { path, base };
    this.looking = true;
    try {
      this.original = await request('forge.lookAtOriginal', { path, base });
    } catch (thrown) {
      this.error = toErrorData(thrown);
    } finally {
      this.looking = false;
    }
  }

  /** Starts a job; what is wrong with its name is shown where it was given. */
  async start(task: ForgeTask): Promise<void> {
    this.error = null;
    try {
      await request('forge.start', task);
      this.clear();
    } catch (thrown) {
      this.error = toErrorData(thrown);
    }
  }

  cancel(jobId: string): void {
    void notices.guard(request('forge.cancel', { jobId }));
  }

  forget(jobId: string): void {
    void notices.guard(request('forge.forget', { jobId }));
  }

  clear(): void {
    this.source = null;
    this.recipe = null;
    this.original = null;
    this.error = null;
  }

  #changed(jobs: readonly ForgeJob[]): void {
    const doneBefore = new Set(this.jobs.filter(({ state }) => state === 'done').map(({ id }) => id));
    this.jobs = jobs;
    const isNew = jobs.some(({ id, state }) => state === 'done' && !doneBefore.has(id));
    if (isNew) void notices.guard(models.refresh());
  }
}

export const forge = new Forge();
