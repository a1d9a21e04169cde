/** Owns the list of downloads: their order, which run, what is kept of each; never a socket or a file. */
import { t } from '../../../preload/contract/language.js';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Download, DownloadRequest } from '../../../preload/contract/downloads.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { Settings } from '../../../preload/contract/settings.js';
import type { DownloadRecord } from '../../db/downloads.js';
import type { ModelRecordChange } from '../../db/model-files.js';
import type { Credential } from '../../net/http.js';
import { pathsOf, shown, type Entry } from './entry.js';
import { discardPart } from './part-file.js';
import { safeFileName } from './safe-name.js';
import type { ThreadMessage, Transfers } from './thread.js';
import type { Fetched } from './transfer.js';

export type QueueRooms = {
  readonly folder: string;
  readonly db: {
    listDownloads(): Promise<DownloadRecord[]>;
    saveDownload(record: DownloadRecord): Promise<void>;
    removeDownload(id: string): Promise<void>;
    saveModelRecord(change: ModelRecordChange): Promise<void>;
  };
  readonly transfers: Transfers;
  readonly settings: () => Pick<Settings, 'downloadsAtOnce' | 'downloadMegabytesPerSecond' | 'offline'>;
  readonly credential: () => Promise<Credential | null>;
  readonly onChange: (downloads: Download[]) => void;
};

/** How long a cancelled one can come back. */
const keepCancelledMs = 60_000;
const closeWithinMs = 3000;

export class DownloadQueue {
  readonly #rooms: QueueRooms;
  readonly #entries: Entry[] = [];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosing = false;
  /** What the thread was told last; a new one has no limit. */
  #bytesPerSecond = 0;
  #opening: Promise<void> | null = null;
  #lastSaved: Promise<unknown> = Promise.resolve();

  /** Where finished files and parts lie. */
  readonly folder: string;

  constructor(rooms: QueueRooms) {
    this.#rooms = rooms;
    this.folder = rooms.folder;
  }

  /** Reads what an earlier run of the app left, and goes on with it. */
  open(): Promise<void> {
    this.#opening ??= this.#read().catch((thrown: unknown) => {
      this.#opening = null;
      throw thrown;
    });
    return this.#opening;
  }

  async #read(): Promise<void> {
    for (const record of await this.#rooms.db.listDownloads()) {
      const entry: Entry = { record, progress: null, isRunning: false };
      if (record.state === 'cancelled') await this.#remove(entry);
      else this.#entries.push(entry);
    }
    this.#changed();
  }

  async list(): Promise<Download[]> {
    await this.open();
    return this.#shown();
  }

  /** @throws AppError `busy` when one of its files is being fetched already, `bad-input` for two files of one name */
  async start(request: DownloadRequest): Promise<Download> {
    await this.open();
    const files = request.files.map((file) => ({ ...file, fileName: safeFileName(file.fileName) }));
    const names = new Set(files.map(({ fileName }) => fileName.toLowerCase()));
    if (names.size < files.length) {
      throw new AppError({ code: 'bad-input', message: t('Two files of this download have the same name.') });
    }
    for (const { record } of this.#entries) {
      if (record.state === 'done' || record.state === 'cancelled') continue;
      if (record.request.files.some(({ fileName }) => names.has(fileName.toLowerCase()))) {
        throw new AppError({
          code: 'busy',
          message: t('{name} is in the list of downloads already.', { name: request.name }),
        });
      }
    }
    const record: DownloadRecord = {
      id: randomUUID(),
      position: Math.max(0, ...this.#entries.map((entry) => entry.record.position)) + 1,
      request: { ...request, files },
      state: 'queued',
      error: null,
      fetched: files.map(() => null),
    };
    const entry: Entry = { record, progress: null, isRunning: false };
    await this.#rooms.db.saveDownload(record);
    this.#entries.push(entry);
    this.#changed();
    return shown(entry, this.folder, this.#rooms.settings().offline);
  }

  pause(id: string): void {
    this.#set(this.#find(id), 'paused');
  }

  resume(id: string): void {
    const entry = this.#find(id);
    // One that waits goes on when it has stopped: at once instead of later.
    if (entry.isRunning && entry.progress?.isWaiting === true)
      this.#rooms.transfers.post({ kind: 'stop', id });
    this.#set(entry, 'queued');
  }

  cancel(id: string): void {
    const entry = this.#find(id);
    this.#set(entry, 'cancelled');
    const timer = setTimeout(() => void this.#remove(entry), keepCancelledMs);
    this.#timers.set(id, timer.unref());
  }

  restore(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#set(this.#find(id), 'queued');
  }

  /** @param by -1 = earlier, 1 = later */
  move(id: string, by: -1 | 1): void {
    const visible = this.#entries.filter(
      ({ record: { state } }) => state !== 'cancelled' && state !== 'done',
    );
    const at = visible.findIndex(({ record }) => record.id === id);
    const [entry, other] = [visible[at], visible[at + by]];
    if (entry === undefined || other === undefined) return;
    const { position } = entry.record;
    this.#save(entry, { position: other.record.position });
    this.#save(other, { position });
    this.#entries.sort((a, b) => a.record.position - b.record.position);
    this.#changed();
  }

  async clearFinished(): Promise<void> {
    for (const entry of this.#entries.filter(({ record }) => record.state === 'done')) {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      await this.#rooms.db.removeDownload(entry.record.id);
    }
    this.#changed();
  }

  /** What the thread says. */
  heard(message: ThreadMessage): void {
    const entry = this.#entries.find(({ record }) => record.id === message.id);
    if (entry === undefined) return;
    if (message.kind === 'progress') entry.progress = message.progress;
    else if (message.kind === 'file') {
      const { index, fetched } = message;
      this.#save(entry, { fetched: entry.record.fetched.map((file, at) => (at === index ? fetched : file)) });
      void this.#remember(entry.record, index, fetched);
    } else this.#ended(entry, message.error === null ? null : new AppError(message.error));
    this.#changed();
  }

  threadDied(error: AppError): void {
    this.#bytesPerSecond = 0;
    for (const entry of this.#entries) if (entry.isRunning) this.#ended(entry, error);
    this.#changed();
  }

  /** Brings the limits into force. Offline, what runs stops, and goes on later. */
  settingsChanged(): void {
    this.#limit();
    if (this.#rooms.settings().offline) this.#stopRunning();
    this.#changed();
  }

  /** The machine woke: what waits after a failure tries again at once. */
  woke(): void {
    if (this.#entries.some(({ isRunning }) => isRunning)) this.#rooms.transfers.post({ kind: 'woke' });
  }

  /** Stops everything; what runs goes on at the next start of the app. */
  async close(): Promise<void> {
    this.#stopRunning();
    this.#isClosing = true;
    const runs = () => this.#entries.some(({ isRunning }) => isRunning);
    for (let waitedMs = 0; runs() && waitedMs < closeWithinMs; waitedMs += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.#lastSaved;
  }

  #stopRunning(): void {
    for (const { isRunning, record } of this.#entries) {
      if (isRunning) this.#rooms.transfers.post({ kind: 'stop', id: record.id });
    }
  }

  #limit(): void {
    const bytesPerSecond = this.#rooms.settings().downloadMegabytesPerSecond * 1e6;
    if (bytesPerSecond === this.#bytesPerSecond) return;
    this.#bytesPerSecond = bytesPerSecond;
    this.#rooms.transfers.post({ kind: 'limit', bytesPerSecond });
  }

  #ended(entry: Entry, error: AppError | null): void {
    entry.isRunning = false;
    if (error === null) {
      this.#save(entry, { state: 'done', error: null });
    } else if (error.code !== 'cancelled' && error.code !== 'offline')
      this.#save(entry, { state: 'failed', error: error.toData() });
  }

  #set(entry: Entry, state: DownloadRecord['state']): void {
    if (entry.isRunning && state !== 'queued') {
      this.#rooms.transfers.post({ kind: 'stop', id: entry.record.id });
    }
    this.#save(entry, { state, error: null });
    this.#changed();
  }

  #save(entry: Entry, change: Partial<DownloadRecord>): void {
    entry.record = { ...entry.record, ...change };
    this.#lastSaved = this.#rooms.db.saveDownload(entry.record).catch((thrown: unknown) => {
      console.error('[downloads]', thrown);
    });
  }

  /** What is known of a file by its download. */
  async #remember({ request }: DownloadRecord, index: number, { sizeBytes, sha256 }: Fetched): Promise<void> {
    const file = request.files[index]!;
    const path = join(this.folder, file.fileName);
    const modifiedMs = await stat(path).then(
      (found) => found.mtimeMs,
      () => null,
    );
    const known = { path, sizeBytes, modifiedMs, sha256, expectedSha256: file.sha256 };
    const verifiedAt = file.sha256 === null ? null : Date.now();
    await this.#rooms.db.saveModelRecord({ ...known, origin: request.source, verifiedAt });
  }

  async #remove(entry: Entry): Promise<void> {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
    await Promise.all(pathsOf(entry.record, this.folder).map(discardPart)).catch(() => undefined);
    await this.#rooms.db.removeDownload(entry.record.id);
  }

  #find(id: string): Entry {
    const entry = this.#entries.find(({ record }) => record.id === id);
    if (entry !== undefined) return entry;
    throw new AppError({ code: 'not-found', message: t('This download is no longer in the list.') });
  }

  #changed(): void {
    this.#startNext();
    this.#rooms.onChange(this.#shown());
  }

  /** One that waits leaves its place to the next. */
  #startNext(): void {
    if (this.#isClosing || this.#rooms.settings().offline) return;
    const busy = this.#entries.filter(({ isRunning, progress }) => isRunning && progress?.isWaiting !== true);
    let free = this.#rooms.settings().downloadsAtOnce - busy.length;
    for (const entry of this.#entries) {
      if (free <= 0) return;
      if (entry.record.state !== 'queued' || entry.isRunning) continue;
      entry.isRunning = true;
      free--;
      void this.#run(entry);
    }
  }

  async #run({ record: { id, request, fetched } }: Entry): Promise<void> {
    this.#limit();
    const credential = await this.#rooms.credential().catch(() => null);
    const files = request.files.map((file, index) => ({
      file,
      path: join(this.folder, file.fileName),
      fetched: fetched[index] ?? null,
    }));
    this.#rooms.transfers.post({
      kind: 'start',
      id,
      files,
      credential,
      cause: t('Asked for {name}', { name: request.name }),
    });
  }

  #shown(): Download[] {
    const { offline } = this.#rooms.settings();
    return this.#entries
      .filter(({ record }) => record.state !== 'cancelled')
      .map((entry) => shown(entry, this.folder, offline));
  }
}
