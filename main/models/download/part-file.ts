/** Owns a file that is not whole yet, and its journal: `NAME.part` and `NAME.part.journal`; never what fills it. */
import { t } from '../../../preload/contract/language.js';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../../preload/contract/errors.js';
import { blockBytes, blockCount, blockLength } from './blocks.js';
import { onDisk, whenMissing } from './disk-errors.js';
import { formatBlock, formatHeader, parseJournal, type Checksums, type JournalHeader } from './journal.js';

/** Data older than this is on the disk itself: what a power cut can cost. */
const syncEveryMs = 5000;
/** What waits for the disk is kept short, so that little is left to wait for at the end. */
const syncEveryBytes = 64 * 1024 * 1024;

const partPath = (path: string) => `${path}.part`;
const journalPath = (path: string) => `${path}.part.journal`;

export class PartFile {
  readonly #path: string;
  readonly #data: FileHandle;
  readonly #journal: FileHandle;
  readonly #checksums: Checksums;
  /** Blocks that this run wrote: what an earlier one left was out of sight since. */
  readonly #fresh = new Set<number>();
  /** ETag or Last-Modified of the file that this is a part of. */
  readonly validator: string | null;
  #sizeBytes: number | null;
  #lines = '';
  #writing: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;
  #syncedAtMs = performance.now();
  #unsyncedBytes = 0;

  private constructor(
    path: string,
    files: { data: FileHandle; journal: FileHandle },
    { sizeBytes, validator }: JournalHeader,
    checksums: Checksums,
  ) {
    this.#path = path;
    this.#data = files.data;
    this.#journal = files.journal;
    this.#sizeBytes = sizeBytes;
    this.validator = validator;
    this.#checksums = checksums;
  }

  /** What was there before, to go on with; null when nothing is, or when it can't be used. @throws as `onDisk` */
  static async reopen(path: string): Promise<PartFile | null> {
    return onDisk(path, async () => {
      const text = await readFile(journalPath(path), 'utf8').catch(whenMissing);
      const size = (await stat(partPath(path)).catch(whenMissing))?.size;
      const known = text === null ? null : parseJournal(text);
      if (known === null || size === undefined || known.header.blockBytes !== blockBytes) return null;
      const { header, checksums } = known;
      // Where the size was not known, the server could not go on in the middle either.
      if (header.sizeBytes === null) return null;
      for (const index of checksums.keys()) {
        // A block that ends behind the end of the file was noted, but not kept by the disk.
        if (index * blockBytes + blockLength(index, header.sizeBytes) > size) checksums.delete(index);
      }
      const data = await open(partPath(path), constants.O_RDWR);
      return new PartFile(
        path,
        { data, journal: await writeJournal(path, header, checksums) },
        header,
        checksums,
      );
    });
  }

  /**
   * An empty one in place of what was there before.
   * @param sizeBytes of the whole file; null when nobody knows
   * @throws as `onDisk`
   */
  static async create(path: string, sizeBytes: number | null, validator: string | null): Promise<PartFile> {
    return onDisk(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      const header: JournalHeader = { version: 1, sizeBytes, blockBytes, validator };
      // The old journal must not speak for the new data.
      await rm(journalPath(path), { force: true });
      const data = await open(partPath(path), 'w+');
      const journal = await writeJournal(path, header, new Map());
      return new PartFile(path, { data, journal }, header, new Map());
    });
  }

  get dataPath(): string {
    return partPath(this.#path);
  }

  get sizeBytes(): number | null {
    return this.#sizeBytes;
  }

  /** Infinite while the size is not known. */
  get blocks(): number {
    return this.#sizeBytes === null ? Infinity : blockCount(this.#sizeBytes);
  }

  /** The file turned out to be so long. */
  endsAt(sizeBytes: number): void {
    this.#sizeBytes = sizeBytes;
  }

  lengthOf(index: number): number {
    return this.#sizeBytes === null ? blockBytes : blockLength(index, this.#sizeBytes);
  }

  has(index: number): boolean {
    return this.#checksums.has(index);
  }

  isFresh(index: number): boolean {
    return this.#fresh.has(index);
  }

  /** CRC-32 of a block that is there. */
  checksumOf(index: number): number {
    return this.#checksums.get(index)!;
  }

  get isWhole(): boolean {
    return this.#checksums.size === this.blocks;
  }

  get receivedBytes(): number {
    const last = this.blocks - 1;
    const missingAtEnd = this.has(last) ? blockBytes - this.lengthOf(last) : 0;
    return this.#checksums.size * blockBytes - missingAtEnd;
  }

  /** Writes a whole block and notes it. @returns whether it differs from what was there @throws as `onDisk` */
  async write(index: number, block: Buffer): Promise<boolean> {
    const checksum = crc32(block);
    if (this.#checksums.get(index) === checksum) return false;
    await onDisk(this.#path, async () => {
      const { bytesWritten } = await this.#data.write(block, 0, block.length, index * blockBytes);
      if (bytesWritten !== block.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
      this.#checksums.set(index, checksum);
      this.#fresh.add(index);
      await this.#note(index, checksum);
    });
    this.#unsyncedBytes += block.length;
    const isDue = this.#unsyncedBytes >= syncEveryBytes || performance.now() - this.#syncedAtMs > syncEveryMs;
    if (isDue) this.#syncing ??= this.#sync();
    return true;
  }

  /** The disk did not keep a block: it is missing from now on. @throws as `onDisk` */
  async lose(index: number): Promise<void> {
    this.#checksums.delete(index);
    await onDisk(this.#path, () => this.#note(index, null));
  }

  /** @throws AppError `folder-unusable` when the file is no longer where it was made */
  async checkPlace(): Promise<void> {
    await onDisk(this.#path, () => stat(partPath(this.#path)));
  }

  /** Puts everything on the disk and ends the use of it; what is there stays for later. */
  async close(): Promise<void> {
    await this.#sync().catch(() => undefined);
    await this.#syncing;
    await Promise.all([this.#data.close(), this.#journal.close()]);
  }

  /** Gives the whole file its name. Call it only when its content is proven. @throws as `onDisk` */
  async finish(): Promise<void> {
    await onDisk(this.#path, async () => {
      await this.#data.sync();
      await this.close();
      if ((await presentFile(this.#path)) !== null) throw alreadyThere(this.#path);
      await rename(partPath(this.#path), this.#path);
      await rm(journalPath(this.#path), { force: true });
      await syncFolder(dirname(this.#path));
    });
  }

  /** One line after the other, many at once when the disk is slow. */
  #note(index: number, checksum: number | null): Promise<void> {
    this.#lines += formatBlock(index, checksum);
    this.#writing ??= (async () => {
      try {
        while (this.#lines !== '') {
          const lines = this.#lines;
          this.#lines = '';
          await this.#journal.appendFile(lines);
        }
      } finally {
        this.#writing = null;
      }
    })();
    return this.#writing;
  }

  async #sync(): Promise<void> {
    this.#unsyncedBytes = 0;
    try {
      await this.#writing;
      await this.#data.datasync();
      await this.#journal.datasync();
    } catch {
      // A disk that can't sync says so by the next write, or when the file is finished.
    } finally {
      this.#syncedAtMs = performance.now();
      this.#syncing = null;
    }
  }
}

/** The size of a finished file; null when there is none. @throws as `onDisk` */
export async function presentFile(path: string): Promise<number | null> {
  const found = await onDisk(path, () => stat(path).catch(whenMissing));
  return found?.size ?? null;
}

/** Another file of this name may be anybody's: it is never replaced. */
export const alreadyThere = (path: string) =>
  new AppError({
    code: 'bad-input',
    message: t('There is already another file named {name} in the models folder.', { name: basename(path) }),
    hint: t('Rename or remove that one to fetch this one.'),
    details: path,
  });

/** Removes what a download left that will not go on. */
export async function discardPart(path: string): Promise<void> {
  await Promise.all([partPath(path), journalPath(path)].map((file) => rm(file, { force: true })));
}

async function writeJournal(path: string, header: JournalHeader, checksums: Checksums): Promise<FileHandle> {
  const lines = [...checksums].map(([index, checksum]) => formatBlock(index, checksum));
  const fresh = `${journalPath(path)}.new`;
  await writeFile(fresh, formatHeader(header) + lines.join(''), { flush: true });
  await rename(fresh, journalPath(path));
  return open(journalPath(path), 'a');
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open folders, and needs no such thing.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
