/** Owns one download while it runs: its files, one after the other; never which downloads run. */
import type { RemoteFile } from '../../../preload/contract/downloads.js';
import { Speed } from './speed.js';
import { Transfer, type Fetched, type TransferTools } from './transfer.js';

export type JobFile = {
  readonly file: RemoteFile;
  readonly path: string;
  /** What an earlier run finished. */
  readonly fetched: Fetched | null;
};

/** How far it is. */
export type Progress = {
  readonly receivedBytes: number;
  readonly sizeBytes: number | null;
  readonly bytesPerSecond: number;
  readonly isWaiting: boolean;
  readonly note: string | null;
  readonly retryAtMs: number | null;
};

export class Job {
  readonly #files: readonly JobFile[];
  readonly #tools: TransferTools;
  readonly #stop = new AbortController();
  readonly #speed = new Speed();
  readonly #fetched: (Fetched | null)[];
  #transfer: Transfer | null = null;
  #current = -1;

  constructor(files: readonly JobFile[], tools: TransferTools) {
    this.#files = files;
    this.#tools = tools;
    this.#fetched = files.map(({ fetched }) => fetched);
  }

  /**
   * @param onFile called when a file has its name
   * @throws as `Transfer.run`
   */
  async run(onFile: (index: number, fetched: Fetched) => void): Promise<void> {
    for (const [index, { file, path, fetched }] of this.#files.entries()) {
      if (fetched !== null) continue;
      this.#current = index;
      this.#transfer = new Transfer(file, path, this.#tools);
      const done = await this.#transfer.run(this.#stop.signal);
      this.#fetched[index] = done;
      onFile(index, done);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  progress(nowMs: number): Progress {
    let receivedBytes = 0;
    let sizeBytes: number | null = 0;
    for (const [index, { file }] of this.#files.entries()) {
      const done = this.#fetched[index];
      const current = index === this.#current ? this.#transfer : null;
      receivedBytes += done?.sizeBytes ?? current?.receivedBytes ?? 0;
      const size: number | null = done?.sizeBytes ?? current?.sizeBytes ?? file.sizeBytes;
      sizeBytes = size === null || sizeBytes === null ? null : sizeBytes + size;
    }
    this.#speed.note(receivedBytes, nowMs);
    const { isWaiting = false, note = null, retryAtMs = null } = this.#transfer ?? {};
    return {
      ...{ receivedBytes, sizeBytes, isWaiting, note, retryAtMs },
      bytesPerSecond: isWaiting ? 0 : this.#speed.bytesPerSecond,
    };
  }
}
