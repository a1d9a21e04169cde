/** Owns which blocks of a file that is being fetched are hashed next; never fetches, and never hashes itself. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { blockBytes } from './blocks.js';
import type { AskHashes } from './hash-thread.js';
import type { PartFile } from './part-file.js';

/** Blocks at a time: little enough for files that are fetched at once to share the thread. */
const mostBlocks = 16;

let lastId = 0;

/**
 * Blocks arrive out of order and a hash needs them in order, so each is read again when its turn comes: it lies in the
 * system's cache still, and what was fetched by an earlier run is proven by the same way.
 */
export class FileHash {
  readonly #file: PartFile;
  readonly #ask: AskHashes;
  readonly #checksAll: boolean;
  readonly #id = ++lastId;
  #next = 0;
  #work: Promise<void> | null = null;
  #failure: unknown = null;

  /** @param checksAll looks at the checksum of every block, not only of those from an earlier run */
  constructor(file: PartFile, ask: AskHashes, checksAll: boolean) {
    this.#file = file;
    this.#ask = ask;
    this.#checksAll = checksAll;
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
  async digest(): Promise<string> {
    return String(await this.#ask({ kind: 'digest', id: this.#id }));
  }

  /** Ends it, also without a digest. */
  forget(): void {
    if (this.#next > 0) this.#ask({ kind: 'forget', id: this.#id }).catch(() => undefined);
  }

  async #run(): Promise<void> {
    try {
      for (let blocks; (blocks = this.#due()).length > 0;) {
        const startByte = this.#next * blockBytes;
        const request = {
          kind: 'blocks',
          id: this.#id,
          path: this.#file.dataPath,
          startByte,
          blocks,
        } as const;
        const hashed = Number(await this.#ask(request));
        this.#next += hashed;
        if (hashed < blocks.length) await this.#file.lose(this.#next);
      }
    } catch (thrown) {
      this.#failure = thrown;
    }
  }

  #due() {
    const blocks = [];
    for (let index = this.#next; blocks.length < mostBlocks && this.#file.has(index); index++) {
      const checksum = this.#checksAll || !this.#file.isFresh(index) ? this.#file.checksumOf(index) : null;
      blocks.push({ length: this.#file.lengthOf(index), checksum });
    }
    return blocks;
  }
}

/** The SHA-256 of a file that is there, in hexadecimal digits. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: blockBytes }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}
