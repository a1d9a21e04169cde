/** Owns the SHA-256 of files that are being fetched, read from the disk block by block; never decides what is hashed. */
import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { blockBytes } from './blocks.js';
import { onDisk } from './disk-errors.js';

export type HashRequest =
  /** Goes on where the last request for this `id` ended. @returns how many were hashed: one that fails its check ends it */
  | {
      readonly kind: 'blocks';
      readonly id: number;
      readonly path: string;
      readonly startByte: number;
      readonly blocks: readonly HashedBlock[];
    }
  /** Of all that was hashed, in hexadecimal digits; the `id` is forgotten. */
  | { readonly kind: 'digest'; readonly id: number }
  | { readonly kind: 'forget'; readonly id: number };

type HashedBlock = {
  readonly length: number;
  /** CRC-32 that the disk must give back; null = not looked at. */
  readonly checksum: number | null;
};

type Followed = { readonly data: FileHandle; readonly hash: Hash };

export class BlockHashes {
  readonly #files = new Map<number, Followed>();
  readonly #buffer = Buffer.allocUnsafe(blockBytes);

  /** One request at a time. @throws as `onDisk` */
  async answer(request: HashRequest): Promise<number | string | null> {
    switch (request.kind) {
      case 'blocks':
        return onDisk(request.path, () => this.#add(request));
      case 'digest':
        return ((await this.#forget(request.id)) ?? createHash('sha256')).digest('hex');
      case 'forget':
        await this.#forget(request.id);
        return null;
    }
  }

  async #add({ id, path, startByte, blocks }: Extract<HashRequest, { kind: 'blocks' }>): Promise<number> {
    const file = this.#files.get(id) ?? { data: await open(path), hash: createHash('sha256') };
    this.#files.set(id, file);
    let at = startByte;
    for (const [index, { length, checksum }] of blocks.entries()) {
      const block = this.#buffer.subarray(0, length);
      const { bytesRead } = await file.data.read(block, 0, length, at);
      if (bytesRead < length || (checksum !== null && crc32(block) !== checksum)) return index;
      file.hash.update(block);
      at += length;
    }
    return blocks.length;
  }

  async #forget(id: number): Promise<Hash | undefined> {
    const file = this.#files.get(id);
    this.#files.delete(id);
    await file?.data.close();
    return file?.hash;
  }
}
