/** Owns fetching one file until it is whole, proven and has its name; never when its turn is, and never how to ask. */
import { msg, t } from '../../../preload/contract/language.js';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RemoteFile } from '../../../preload/contract/downloads.js';
import { AppError } from '../../../preload/contract/errors.js';
import { FileChanged, checkWanted, isSameFile, notWanted, type FoundFile } from './answer.js';
import { onDisk } from './disk-errors.js';
import { FileHash, hashFile } from './file-hash.js';
import type { AskHashes } from './hash-thread.js';
import { Lanes, type LaneTools } from './lanes.js';
import { alreadyThere, discardPart, PartFile, presentFile } from './part-file.js';
import type { Space } from './space.js';

export type TransferTools = LaneTools & { readonly space: Space; readonly askHashes: AskHashes };

export type Fetched = { readonly sizeBytes: number; readonly sha256: string };

const maxChanges = 2;
const lookEveryMs = 1000;
const diskFull = msg('The disk is full. It goes on when there is room.');

export class Transfer {
  readonly #file: RemoteFile;
  readonly #path: string;
  readonly #space: Space;
  readonly #askHashes: AskHashes;
  readonly #lanes: Lanes;
  #part: PartFile | null = null;
  #hash: FileHash | null = null;
  /** Blocks that are the same here and on the server; null unless the whole turned out to be wrong. */
  #compared: Set<number> | null = null;
  /** A block differed since the last look at the whole. */
  #foundDamage = false;
  #lookedAtMs = 0;
  #remark: string | null = null;

  /** @param path where the finished file goes; its part lies beside it until then */
  constructor(file: RemoteFile, path: string, tools: TransferTools) {
    this.#file = file;
    this.#path = path;
    this.#space = tools.space;
    this.#askHashes = tools.askHashes;
    this.#lanes = new Lanes(
      {
        url: file.url,
        part: () => this.#part,
        isOpen: (index) =>
          this.#compared === null
            ? !this.#part!.has(index)
            : !this.#foundDamage && !this.#compared.has(index),
        learn: (found) => this.#learn(found),
        store: (part, index, block) => this.#store(part, index, block),
        startAnew: () => this.#startAnew(),
      },
      tools,
    );
  }

  get receivedBytes(): number {
    return this.#compared === null
      ? (this.#part?.receivedBytes ?? 0) + this.#lanes.unstoredBytes
      : (this.sizeBytes ?? 0);
  }

  get sizeBytes(): number | null {
    return this.#part?.sizeBytes ?? this.#file.sizeBytes;
  }

  get isWaiting(): boolean {
    return this.#lanes.wait !== null && this.#lanes.isIdle;
  }

  get note(): string | null {
    return this.#lanes.wait?.note ?? this.#remark;
  }

  get retryAtMs(): number | null {
    return this.#lanes.wait?.retryAtMs ?? null;
  }

  /**
   * Fetches, proves and names the file. What was fetched stays when it fails or is stopped.
   * @throws AppError `cancelled` by the signal, `server-refused`, `network-failed`, `download-damaged`, `folder-unusable`
   */
  async run(signal: AbortSignal): Promise<Fetched> {
    try {
      const present = await presentFile(this.#path);
      if (present !== null) return await this.#accept(present);
      for (let changes = 0; ; changes++) {
        try {
          return await this.#fetch(signal);
        } catch (thrown) {
          if (signal.aborted)
            throw new AppError({ code: 'cancelled', message: t('Stopped.') }, { cause: thrown });
          if (!(thrown instanceof FileChanged)) throw thrown;
          if (changes === maxChanges)
            throw notWanted(this.#file, msg('{file} on the server changes again and again.'));
          await this.#startAnew();
          this.#remark = t('The file changed on the server, so it is fetched anew.');
        }
      }
    } finally {
      this.#space.release(this);
      this.#hash?.forget();
      await this.#part?.close();
    }
  }

  /** A file of this name is fine when it is the one that is wanted: an earlier run ended just after it had its name. */
  async #accept(sizeBytes: number): Promise<Fetched> {
    const { sha256 } = this.#file;
    if (sha256 !== null && sizeBytes === (this.#file.sizeBytes ?? sizeBytes)) {
      this.#remark = t('Checking the file.');
      if ((await hashFile(this.#path)) === sha256) {
        await discardPart(this.#path);
        return { sizeBytes, sha256 };
      }
    }
    throw alreadyThere(this.#path);
  }

  async #fetch(signal: AbortSignal): Promise<Fetched> {
    this.#part ??= await PartFile.reopen(this.#path);
    if (
      this.#part !== null &&
      this.#file.sizeBytes !== null &&
      this.#part.sizeBytes !== this.#file.sizeBytes
    ) {
      await this.#startAnew();
    }
    if (this.#part !== null) this.#rehash(this.#part, false);
    const wanted = this.#file.sha256;
    let sha256 = await this.#fetchWhole(signal);
    if (wanted !== null && sha256 !== wanted) {
      // The disk may not have kept a block of this run: those were taken on trust.
      this.#rehash(this.#part!, true);
      sha256 = await this.#fetchWhole(signal);
      if (sha256 !== wanted) sha256 = await this.#repair(wanted, signal);
    }
    const part = this.#part!;
    await part.finish();
    return { sizeBytes: part.sizeBytes!, sha256 };
  }

  /** @returns its SHA-256 */
  async #fetchWhole(signal: AbortSignal): Promise<string> {
    for (;;) {
      await this.#fetchOpen(signal);
      const sha256 = await this.#digest();
      if (sha256 !== null) return sha256;
    }
  }

  async #fetchOpen(signal: AbortSignal): Promise<void> {
    while (this.#part?.isWhole !== true) {
      for (let missing; (missing = await this.#missingRoom()) !== null;) {
        await this.#lanes.sleep(
          lookEveryMs,
          t('The disk is full. It goes on when there is room. {size, number, ::.00} GB more are needed.', {
            size: missing / 1e9,
          }),
          signal,
        );
      }
      try {
        await this.#lanes.round(signal);
      } catch (thrown) {
        if (!(thrown instanceof AppError && thrown.code === 'disk-full')) throw thrown;
        // The disk may refuse what it says it has room for: a quota, for one.
        await this.#lanes.sleep(lookEveryMs, t(diskFull), signal);
      }
    }
  }

  /** Of the whole file; null when the disk did not keep a block, which is open again then. */
  async #digest(): Promise<string | null> {
    const remark = this.#remark;
    this.#remark = t('Checking the file.');
    await this.#hash!.settled();
    this.#remark = remark;
    return this.#part!.isWhole ? this.#hash!.digest() : null;
  }

  /** Every block is as it came, and still the whole is wrong: asks again and keeps what differs, until it is right. */
  async #repair(wanted: string, signal: AbortSignal): Promise<string> {
    const compared = (this.#compared = new Set());
    const { blocks } = this.#part!;
    this.#remark = t('The file is not as it should be: looking for the bad parts, to fetch those again.');
    while (compared.size < blocks) {
      this.#foundDamage = false;
      await this.#lanes.round(signal);
      if (!this.#foundDamage) continue;
      this.#rehash(this.#part!, true);
      if ((await this.#digest()) === wanted) return wanted;
    }
    await this.#startAnew();
    throw notWanted(
      this.#file,
      msg('{file} on the server is not the one that was promised: its SHA-256 is another.'),
    );
  }

  /** @param checksAll as `FileHash`; without a promised hash the checksums are all that proves a file */
  #rehash(part: PartFile, checksAll: boolean): void {
    this.#hash?.forget();
    this.#hash = new FileHash(part, this.#askHashes, checksAll || this.#file.sha256 === null);
    this.#hash.follow();
  }

  async #startAnew(): Promise<void> {
    await this.#part?.close();
    this.#part = null;
    this.#compared = null;
    await discardPart(this.#path);
  }

  /** @throws FileChanged; AppError `download-damaged`, `disk-full` */
  async #learn(found: FoundFile): Promise<PartFile> {
    if (this.#part !== null) {
      if (!isSameFile(this.#part, found)) throw new FileChanged();
      return this.#part;
    }
    checkWanted(this.#file, found);
    const part = await PartFile.create(this.#path, found.sizeBytes ?? this.#file.sizeBytes, found.validator);
    this.#part = part;
    this.#rehash(part, false);
    await this.#look(part);
    return part;
  }

  async #store(part: PartFile, index: number, block: Buffer): Promise<void> {
    const differs = await part.write(index, block);
    if (this.#compared === null) this.#hash!.follow();
    else {
      this.#compared.add(index);
      this.#foundDamage ||= differs;
    }
    const now = performance.now();
    if (now - this.#lookedAtMs < lookEveryMs) return;
    this.#lookedAtMs = now;
    await this.#look(part);
  }

  /** Sees that the folder is still there, with room for the rest. @throws AppError `folder-unusable`, `disk-full` */
  async #look(part: PartFile): Promise<void> {
    await part.checkPlace();
    if ((await this.#missingRoom()) !== null) {
      throw new AppError({ code: 'disk-full', message: t(diskFull) });
    }
  }

  async #missingRoom(): Promise<number | null> {
    const folder = dirname(this.#path);
    const needed = Math.max(0, (this.sizeBytes ?? 0) - (this.#part?.receivedBytes ?? 0));
    return onDisk(this.#path, async () => {
      await mkdir(folder, { recursive: true });
      return this.#space.reserve(this, folder, needed);
    });
  }
}
