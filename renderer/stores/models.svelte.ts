/** Owns the list of model files and the engine's status as the page knows them. */
import type { EngineStatus, ModelFile } from '../../preload/contract/models.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';

class Models {
  files = $state.raw<readonly ModelFile[]>([]);
  status = $state.raw<EngineStatus>({ state: 'idle' });
  /** False until the list was read once: an empty list means something only then. */
  known = $state(false);

  /** The path shown as chosen. */
  get path(): string {
    return 'path' in this.status ? (this.status.path ?? '') : '';
  }

  async start(): Promise<void> {
    on('models.status', (status) => (this.status = status));
    this.status = await request('models.status');
    await this.refresh();
  }

  async refresh(): Promise<void> {
    this.files = await request('models.list');
    this.known = true;
  }

  /** A failure is in the status, where it stays visible. @param inFull with the user's settings, whatever worked before */
  load(path: string, inFull = false): void {
    request('models.load', { path, inFull }).catch(() => undefined);
  }

  /** Lets the user pick files, and loads the one that was picked when none is loaded. */
  async add(): Promise<void> {
    const before = new Set(this.files.map((file) => file.path));
    const files = await notices.guard(request('models.add'));
    if (files === undefined) return;
    this.files = files;
    const added = files.find((file) => !before.has(file.path));
    if (added !== undefined && this.status.state !== 'ready') this.load(added.path);
  }

  async forget(path: string): Promise<void> {
    this.files = (await notices.guard(request('models.forget', { path }))) ?? this.files;
  }
}

export const models = new Models();
