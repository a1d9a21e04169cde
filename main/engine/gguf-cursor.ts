/** Owns walking through a GGUF file by a window over it, so that no length in it is trusted before it is checked; never what a value means. */
import { t, type Message } from '../../preload/contract/language.js';
import type { ByteSource } from './byte-source.js';
import { notGguf, truncated } from './gguf-errors.js';

const maxTextBytes = 16 * 2 ** 20;

export class GgufCursor {
  readonly #source: ByteSource;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** @param claims what is said of more than the limit, which is an AppError model-not-gguf */
  async count(limit: number, claims: Message): Promise<number> {
    const count = await this.u64();
    if (count > limit) throw notGguf(t(claims, { count }));
    return count;
  }

  async text(): Promise<string> {
    return (await this.bytes(textLength(await this.bytes(8)))).toString('utf8');
  }

  /** Passes over texts without decoding them. */
  async skipTexts(count: number): Promise<void> {
    for (let left = count; left > 0; left--) {
      const bytes = this.bytes(8);
      this.skip(textLength(bytes instanceof Promise ? await bytes : bytes));
    }
  }

  async u32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  async u64(): Promise<number> {
    return Number((await this.bytes(8)).readBigUInt64LE());
  }

  /**
   * The next bytes. Synchronous when they are in the window, which is the rule: a vocabulary has 100,000 short texts.
   * @throws AppError model-truncated
   */
  bytes(length: number): Buffer | Promise<Buffer> {
    const start = this.#position - this.#windowStart;
    if (start + length <= this.#window.length) {
      this.#position += length;
      return this.#window.subarray(start, start + length);
    }
    return this.#refill(length);
  }

  /** Passes over bytes without reading them. @throws AppError model-truncated */
  skip(length: number): void {
    const { sizeBytes } = this.#source;
    this.#position += length;
    if (this.#position > sizeBytes) throw truncated(this.#position, sizeBytes);
  }

  async #refill(length: number): Promise<Buffer> {
    const { sizeBytes } = this.#source;
    const end = this.#position + length;
    if (end > sizeBytes) throw truncated(end, sizeBytes);
    this.#window = await this.#source.read(this.#position, length);
    if (this.#window.length < length) throw truncated(end, sizeBytes);
    this.#windowStart = this.#position;
    this.#position = end;
    return this.#window.subarray(0, length);
  }
}

function textLength(bytes: Buffer): number {
  const length = Number(bytes.readBigUInt64LE());
  if (length > maxTextBytes) throw notGguf(t('it claims a text of {length} bytes', { length }));
  return length;
}
