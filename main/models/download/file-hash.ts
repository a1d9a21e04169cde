/** Owns the SHA-256 of a file that is being fetched: follows its blocks in order, from the disk; never fetches. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { blockBytes } from './blocks.js';
import type { PartFile } from './part-file.js';

/**
 * Blocks arrive out of order and a hash needs them in order, so each is read again when its turn comes: it lies in the
 * system's cache still. One buffer is all that is held, and what was fetched by an earlier run is proven by the same way.
 */
export class FileHash {
  readonly #file: PartFile;
  readonly #hash = createHash('sha256');
  readonly #buffer = Buffer.allocUnsafe(blockBytes);
  #next = 0;
  #work: Promise<void> | null = null;
  #failure: unknown = null;

  constructor(file: PartFile) {
    this.#file = file;
  }

  /** Goes on as far as blocks are there. One that the disk did not keep is missing from then on. */
  follow(): void {
    this.#work ??= this.#run().finally(() => (this.#work = null));
  }

  /** When it has gone as far as it can. @throws what reading the disk threw */
  async settled(): Promise<void> {
    this.follow();
    await this.#work;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Of the whole file, in hexadecimal digits; call it once, when the file is whole and this has settled. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  async #run(): Promise<void> {
    try {
      while (this.#file.has(this.#next) && this.#failure === null) {
        const block = await this.#file.read(this.#next, this.#buffer);
        if (block === null) return;
        this.#hash.update(block);
        this.#next++;
      }
    } catch (thrown) {
      this.#failure = thrown;
    }
  }
}

/** The SHA-256 of a file that is there, in hexadecimal digits. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: blockBytes }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}
