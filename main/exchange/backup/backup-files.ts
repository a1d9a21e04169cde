/** Owns backups that are one file, as main sees them: what goes into one, what is in one, and restoring it. */
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupFileView, BackupModel } from '../../../preload/contract/backup-files.js';
import type { Restored } from '../../../preload/contract/backups.js';
import type { Backups } from '../../db/backups.js';
import type { Database } from '../../db/client.js';
import type { Catalogue } from '../../models/catalogue/catalogue.js';
import type { ModelLibrary } from '../../models/library.js';
import { portableSettings, settingsFromElsewhere } from '../../settings/portable.js';
import type { SettingsStore } from '../../settings/store.js';
import { listModels, pathOfModel } from './models.js';
import type { BackupTasks } from './protocol.js';
import type { BackupThread } from './thread.js';

export type BackupFilesOptions = {
  readonly thread: BackupThread;
  readonly database: string;
  /** The version of Altiplano. */
  readonly app: string;
  readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  readonly db: Pick<Database, 'listModelRecords'>;
  readonly library: Pick<ModelLibrary, 'list'>;
  readonly catalogue: Pick<Catalogue, 'list'>;
  readonly backups: Pick<Backups, 'folder' | 'restoreForeign'>;
  readonly onProgress: (done: number, total: number) => void;
};

export class BackupFiles {
  readonly #options: BackupFilesOptions;
  #cancelling = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** What stands in the folder of backups for a while. */
  readonly #copy: string;
  readonly #unpacked: string;

  constructor(options: BackupFilesOptions) {
    this.#options = options;
    const { folder } = options.backups;
    this.#copy = join(folder, 'whole-backup.part');
    this.#unpacked = join(folder, 'restored.part');
  }

  /** Removes what was left when the app was killed. */
  async tidy(): Promise<void> {
    for (const path of [this.#copy, this.#unpacked]) await rm(path, { force: true });
  }

  /** @throws AppError `cancelled`, `disk-full`, `database-damaged`; nothing of the file is left then */
  async save(path: string): Promise<void> {
    const { database, app, settings } = this.#options;
    const models = await this.#modelsHere();
    await this.#run('write', {
      ...{ path, database, copy: this.#copy, app, models },
      madeAt: Date.now(),
      settings: portableSettings(settings.get()),
    });
  }

  /** @throws AppError with why it can't be restored */
  async look(path: string): Promise<BackupFileView> {
    const { manifest, models } = await this.#run('look', { path });
    const { app, madeAt, contents } = manifest;
    const here = await this.#modelsHere();
    return {
      ...{ path, app, madeAt, contents },
      sizeBytes: (await stat(path)).size,
      models: models.length,
      missing: models.filter((model) => pathOfModel(model, here) === null),
    };
  }

  /** All of the file is proven first. @throws AppError with what is wrong; nothing was changed then */
  async restore(path: string): Promise<Restored> {
    const { backups, settings } = this.#options;
    const database = this.#unpacked;
    await mkdir(backups.folder, { recursive: true });
    try {
      const unpacked = await this.#run('unpack', { path, database });
      const here = await this.#modelsHere();
      const restored = await backups.restoreForeign(database);
      const pathHere = (there: string) => {
        const model = unpacked.models.find((one) => one.path === there);
        return model === undefined ? null : pathOfModel(model, here);
      };
      settings.set(settingsFromElsewhere(unpacked.settings, pathHere));
      return restored;
    } finally {
      await rm(database, { force: true });
    }
  }

  cancel(): void {
    this.#cancelling.abort();
  }

  /** Cancels what goes on, and waits until nothing of it is left. */
  async close(): Promise<void> {
    this.cancel();
    await this.#running.catch(() => undefined);
  }

  #run<N extends keyof BackupTasks>(
    name: N,
    task: BackupTasks[N]['task'],
  ): Promise<BackupTasks[N]['result']> {
    const { thread, onProgress } = this.#options;
    this.#cancelling = new AbortController();
    const running = thread(name, task, { onProgress, signal: this.#cancelling.signal });
    this.#running = running;
    return running;
  }

  /** Without a list of models there is the rest. */
  async #modelsHere(): Promise<BackupModel[]> {
    const { library, db, catalogue } = this.#options;
    const [files, records, entries] = await Promise.all([
      library.list(),
      db.listModelRecords(),
      catalogue.list(),
    ]).catch(() => [[], [], []] as const);
    return listModels(files, records, entries);
  }
}
