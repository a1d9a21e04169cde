/** Owns when snapshots are made, checked and restored, and what is told of it; the maintenance thread does the work. */
import { t } from '../../preload/contract/language.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup, BackupList, Restored } from '../../preload/contract/backups.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import type { Database } from './client.js';
import { sum } from './integrity.js';
import type { Maintenance } from './maintenance.js';
import { listSnapshots, settingsBeside } from './snapshots.js';
import { parseSnapshotName } from './snapshot-names.js';

export type BackupsOptions = {
  readonly db: Pick<Database, 'opening' | 'whileClosed' | 'mendRecords'>;
  readonly database: string;
  readonly folder: string;
  readonly maintenance: Maintenance;
  /** Whether the machine has something better to do. */
  readonly isBusy: () => boolean;
  /** Stops everything that writes, before another database takes the place of this one. */
  readonly stopWriting: () => Promise<void>;
  readonly tell: (problem: ErrorData) => void;
  readonly settings: {
    /** Writes those to a file that a restore from elsewhere changes. */
    readonly keep: (path: string) => Promise<void>;
    /** Takes them from such a file. */
    readonly take: (path: string) => Promise<void>;
  };
};

/** After the start, when the model is loaded and the user has begun. */
const firstLookMs = 60_000;
const lookMs = 15 * 60_000;
const dayMs = 86_400_000;

export class Backups {
  #timer: NodeJS.Timeout | undefined;
  #lastProblem = '';
  /** One at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #options: BackupsOptions;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Tells what is wrong with the database, and makes a snapshot each day from now on. */
  async start(): Promise<void> {
    this.#timer = setTimeout(() => void this.#look(), firstLookMs);
    const { isInterrupted, failure, warning } = await this.#options.db.opening();
    if (warning !== null) this.#options.tell(warning);
    // A database that can't be opened is told by what needs it.
    if (isInterrupted && failure === null) await this.check();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async list(): Promise<BackupList> {
    const { database, folder, maintenance } = this.#options;
    const present = await maintenance('count', { database }).catch(() => null);
    return { backups: listSnapshots(folder), present, folder };
  }

  /** @returns null when there is nothing to keep yet. @throws AppError `disk-full`, `database-damaged` */
  make(reason: Backup['reason'] = 'manual'): Promise<Backup | null> {
    const { database, folder, maintenance } = this.#options;
    return this.#inTurn(() => maintenance('snapshot', { database, folder, reason }));
  }

  /** Reads all of the database, and tells what is wrong with it; nothing when it is sound. */
  async check(): Promise<void> {
    const { database, maintenance, tell } = this.#options;
    try {
      const { pages, records } = await this.#inTurn(() => maintenance('check', { database }));
      if (pages.length > 0) tell(damagedInPlaces(pages.join('\n')));
      const damaged = records === null ? 0 : sum(records);
      if (damaged > 0) tell(damagedRecords(damaged, JSON.stringify(records)));
    } catch (thrown) {
      tell(AppError.from(thrown).toData());
    }
  }

  /** Makes damaged records reachable again, where that is possible, after a snapshot. @returns how many there were */
  async mend(): Promise<number> {
    await this.make('restore');
    return sum(await this.#options.db.mendRecords());
  }

  /**
   * Puts a snapshot in place of the database, which is kept as a snapshot itself; a damaged one is kept aside as it is.
   * @param id null = an empty database
   * @param rescue whether to add what can be read of a damaged one
   * @throws AppError when the snapshot can't be used; the database is the one before then
   */
  async restore(id: string | null, rescue: boolean): Promise<Restored> {
    const { folder, settings } = this.#options;
    const snapshot = id === null ? null : join(folder, id);
    if (id !== null && (parseSnapshotName(id) === null || !(await exists(snapshot!)))) {
      throw new AppError({
        code: 'not-found',
        message: t('This backup is not there any more.'),
        hint: t('Choose another one.'),
      });
    }
    const restored = await this.#replace(snapshot, { rescue, isForeign: false });
    const kept = snapshot === null ? null : settingsBeside(snapshot);
    if (kept !== null && (await exists(kept))) await settings.take(kept);
    return restored;
  }

  /**
   * Puts a database that comes from elsewhere in place of the present one, which is kept as `restore` does, with the
   * settings as they are now. What tells of this machine stays.
   * @throws AppError as `restore`
   */
  restoreForeign(path: string): Promise<Restored> {
    return this.#replace(path, { rescue: false, isForeign: true });
  }

  async #replace(
    snapshot: string | null,
    { rescue, isForeign }: { readonly rescue: boolean; readonly isForeign: boolean },
  ): Promise<Restored> {
    const { db, database, folder, maintenance, stopWriting, settings } = this.#options;
    await stopWriting();
    const kept = (await db.opening()).failure === null ? await this.#keep() : null;
    if (isForeign) await settings.keep(settingsBeside(join(folder, kept?.id ?? 'damaged')));
    return this.#inTurn(() =>
      db.whileClosed(() =>
        maintenance('replace', {
          database,
          snapshot,
          asideFolder: kept === null ? folder : null,
          rescue: kept === null && rescue,
          isForeign,
        }),
      ),
    );
  }

  /** Keeps the present database among the snapshots; null when it is too damaged for that. */
  async #keep(): Promise<Backup | null> {
    try {
      return await this.make('restore');
    } catch (thrown) {
      if (AppError.from(thrown).code === 'database-damaged') return null;
      throw thrown;
    }
  }

  async #look(): Promise<void> {
    this.#timer = setTimeout(() => void this.#look(), lookMs);
    const { db, folder, isBusy, tell } = this.#options;
    // One of a day to come is of a clock that was wrong then.
    const newest = listSnapshots(folder).find(({ madeAt }) => madeAt <= Date.now());
    const isDue = newest === undefined || Date.now() - newest.madeAt >= dayMs;
    if (!isDue || isBusy() || (await db.opening()).failure !== null) return;
    try {
      await this.make('daily');
    } catch (thrown) {
      const error = AppError.from(thrown).toData();
      // What fails for lack of space fails again and again.
      if (error.message !== this.#lastProblem) tell(error);
      this.#lastProblem = error.message;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function damagedInPlaces(details: string): ErrorData {
  return {
    code: 'database-damaged',
    message: t('The file with your chats is damaged in places.'),
    hint: t('Restore a backup under Settings, Backups: what can still be read is added to it.'),
    details,
  };
}

function damagedRecords(count: number, details: string): ErrorData {
  return {
    code: 'database-damaged',
    message: t(
      '{count, plural, one {One record of your chats is damaged; it is shown as far as possible.} other {# records of your chats are damaged; they are shown as far as possible.}}',
      { count },
    ),
    hint: t('Mend them, or restore a backup, under Settings, Backups.'),
    details,
  };
}
