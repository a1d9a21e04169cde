/** Owns the room on the disk that downloads count on: what each still needs is kept for it; never what to do without. */
import { statfs } from 'node:fs/promises';

/** Left free for the chats and for everything else on the machine. */
export const keptFreeBytes = 500_000_000;

export type FreeBytes = (folder: string) => Promise<number>;

/** Free for this user on the disk of a folder. */
export const freeBytesOf: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

export class Space {
  readonly #free: FreeBytes;
  /** What each download still has to write. */
  readonly #needs = new Map<object, number>();

  constructor(free: FreeBytes) {
    this.#free = free;
  }

  /**
   * Keeps room for what an owner still has to write; less is needed as it goes on.
   * @returns null when there is room beside what others were promised before, else how many bytes are missing
   */
  async reserve(owner: object, folder: string, neededBytes: number): Promise<number | null> {
    const free = await this.#free(folder);
    let promised = keptFreeBytes;
    for (const [other, bytes] of this.#needs) if (other !== owner) promised += bytes;
    const missing = promised + neededBytes - free;
    if (missing > 0) {
      this.#needs.delete(owner);
      return missing;
    }
    this.#needs.set(owner, neededBytes);
    return null;
  }

  release(owner: object): void {
    this.#needs.delete(owner);
  }
}
