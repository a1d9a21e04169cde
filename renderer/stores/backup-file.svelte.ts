/** Owns the backup that is one file as the page sees it: saving one, looking into one, restoring it. Main does the work. */
import { t } from '../../preload/contract/language.js';
import type { BackupFileView, BackupModel } from '../../preload/contract/backup-files.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { fileName } from '../lib/format.js';
import { on, request, toErrorData } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { backups } from './backups.svelte.js';
import { notices } from './notices.svelte.js';

type Stage = 'idle' | 'saving' | 'looking' | 'preview' | 'restoring' | 'restored';

/** Where the models that are missing wait for the page that is loaded after a restore. */
const missingKey = 'missing-models';

class BackupFile {
  stage = $state<Stage>('idle');
  /** Share that is done. */
  progress = $state(0);
  view = $state.raw<BackupFileView | null>(null);
  /** After a restore: the models of the other machine that are not on this one. */
  missing = $state.raw<readonly BackupModel[]>([]);
  error = $state.raw<ErrorData | null>(null);
  #path = '';

  listen(): void {
    on('backupFiles.progress', ({ done, total }) => (this.progress = done / Math.max(1, total)));
    on('backupFiles.asked', ({ path }) => void this.open(path));
    const missing = sessionStorage.getItem(missingKey);
    sessionStorage.removeItem(missingKey);
    if (missing === null) return;
    this.missing = JSON.parse(missing) as BackupModel[];
    this.stage = 'restored';
    appView.sheet = 'backup';
  }

  get isBusy(): boolean {
    return this.stage === 'saving' || this.stage === 'restoring';
  }

  async save(): Promise<void> {
    if (this.isBusy) return;
    this.#begin('saving');
    try {
      const path = await request('backupFiles.save');
      if (path !== null) notices.done(t('Everything is saved as {path}.', { path: fileName(path) }));
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code !== 'cancelled') notices.fail(error);
    } finally {
      this.stage = 'idle';
    }
  }

  async choose(): Promise<void> {
    const path = await notices.guard(request('backupFiles.choose'));
    if (path != null) await this.open(path);
  }

  /** Shows what is in a file. */
  async open(path: string): Promise<void> {
    if (this.isBusy) return;
    this.#path = path;
    this.view = null;
    this.#begin('looking');
    appView.sheet = 'backup';
    try {
      const view = await request('backupFiles.look', { path });
      if (this.#path !== path) return;
      this.view = view;
      this.stage = 'preview';
    } catch (thrown) {
      if (this.#path === path) this.#failed(thrown, 'idle');
    }
  }

  /** The page is loaded anew after it. */
  async restore(): Promise<void> {
    if (this.view === null || this.isBusy) return;
    const { path, missing } = this.view;
    this.#begin('restoring');
    try {
      backups.restored(this.view, await request('backupFiles.restore', { path }));
      if (missing.length > 0) sessionStorage.setItem(missingKey, JSON.stringify(missing));
    } catch (thrown) {
      this.#failed(thrown, 'preview');
    }
  }

  cancel(): void {
    void notices.guard(request('backupFiles.cancel'));
  }

  /** The sheet was closed. */
  closed(): void {
    if (this.stage === 'restoring') this.cancel();
    if (this.stage === 'saving') return;
    this.#path = '';
    this.#begin('idle');
  }

  #begin(stage: Stage): void {
    this.stage = stage;
    this.progress = 0;
    this.error = null;
  }

  #failed(thrown: unknown, stage: Stage): void {
    const error = toErrorData(thrown);
    this.stage = stage;
    if (error.code !== 'cancelled') this.error = error;
  }
}

export const backupFile = new BackupFile();
