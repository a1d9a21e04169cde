/** Owns reading the header of a GGUF file: its metadata and its list of tensors; never loads a model. */
import { msg, t } from '../../preload/contract/language.js';
import { openFile, type ByteSource } from './byte-source.js';
import { GgufCursor } from './gguf-cursor.js';
import { notGguf, truncated } from './gguf-errors.js';
import { blockElements, isKnownType, tensorBytes } from './gguf-types.js';

type GgufValue = string | number | bigint | boolean | readonly GgufValue[];

export type GgufHeader = {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Lengths of the arrays in the metadata by their key, also of those that were skipped. */
  readonly arrayLengths: ReadonlyMap<string, number>;
  /** The dimensions of each tensor by its name, the length of a row first. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** Where in the file the data of each tensor begins, and ggml's number of its type. */
  readonly places: ReadonlyMap<string, { readonly offset: number; readonly type: number }>;
  readonly sizeBytes: number;
};

/** Arrays longer than this are skipped unless asked for: vocabularies have 32,000 entries and more. */
const longArray = 64;
const limits = {
  keys: 65_536,
  tensors: 1_048_576,
  arrayLength: 4_000_000,
  depth: 4,
  /** `GGML_MAX_DIMS` and `GGML_MAX_NAME` of ggml.h. */
  dimensions: 4,
  tensorNameBytes: 63,
};
/** Numbers of the types of texts and of arrays. */
const textType = 8;
const arrayType = 9;
/** Of the types whose values all have one size, by number. */
const valueBytes: readonly (number | undefined)[] = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];
const vocabularyKey = 'tokenizer.ggml.tokens';
const olderMagics: ReadonlySet<string> = new Set(['lmgg', 'fmgg', 'tjgg', 'algg']);

/**
 * Reads the header (GGUF versions 2 and 3; ggml's docs/gguf.md is the specification).
 * @param keepArrays keys whose long arrays are wanted
 * @throws AppError model-missing, model-not-gguf or model-truncated
 */
export async function readGguf(
  path: string,
  keepArrays: ReadonlySet<string> = new Set(),
): Promise<GgufHeader> {
  const file = await openFile(path);
  try {
    return await new Reader(file).header(keepArrays);
  } finally {
    await file.close();
  }
}

/**
 * Reads of a header what stands before the vocabulary, which is most of its bytes: what kind of model it is and how
 * large; of the vocabulary only its length. Where that stands first, all of the metadata is read.
 * @throws AppError model-not-gguf or model-truncated, and what the source throws
 */
export async function readHyperparameters(
  source: ByteSource,
): Promise<Pick<GgufHeader, 'metadata' | 'arrayLengths'>> {
  return new Reader(source).hyperparameters();
}

class Reader {
  readonly #file: GgufCursor;
  readonly #metadata = new Map<string, GgufValue>();
  readonly #arrayLengths = new Map<string, number>();

  constructor(source: ByteSource) {
    this.#file = new GgufCursor(source);
  }

  async header(keepArrays: ReadonlySet<string>): Promise<GgufHeader> {
    const { tensorCount, keyCount } = await this.#start();
    for (let i = 0; i < keyCount; i++) {
      const key = await this.#key();
      await this.#entry(key, keepArrays.has(key));
    }
    const alignment = this.#metadata.get('general.alignment') ?? 32;
    return {
      metadata: this.#metadata,
      arrayLengths: this.#arrayLengths,
      ...(await this.#tensors(tensorCount, alignment)),
      sizeBytes: this.#file.sizeBytes,
    };
  }

  async hyperparameters(): Promise<Pick<GgufHeader, 'metadata' | 'arrayLengths'>> {
    const { keyCount } = await this.#start();
    for (let i = 0; i < keyCount; i++) {
      const key = await this.#key();
      if (key === vocabularyKey && this.#knowsShape()) {
        await this.#file.u32();
        await this.#arrayHead(key);
        break;
      }
      await this.#entry(key, false);
    }
    return { metadata: this.#metadata, arrayLengths: this.#arrayLengths };
  }

  /** Whether it was read what it takes to reckon a model's size, but for the vocabulary. */
  #knowsShape(): boolean {
    const architecture = String(this.#metadata.get('general.architecture'));
    return ['block_count', 'embedding_length', 'attention.head_count'].every((key) =>
      this.#metadata.has(`${architecture}.${key}`),
    );
  }

  async #start(): Promise<{ tensorCount: number; keyCount: number }> {
    const { sizeBytes } = this.#file;
    if (sizeBytes < 4) throw notGguf(sizeBytes === 0 ? t('it is empty') : t('it is too short'));
    const magic = (await this.#file.bytes(4)).toString('latin1');
    if (olderMagics.has(magic)) {
      throw notGguf(
        t('it is in the older GGML format of 2023'),
        t('Look for a GGUF version of the same model.'),
      );
    }
    if (magic !== 'GGUF') throw notGguf(t('its first bytes are not those of GGUF'));
    const version = await this.#file.u32();
    if (version !== 2 && version !== 3) throw notGguf(t('it has the unknown version {version}', { version }));
    const tensorCount = await this.#file.count(limits.tensors, msg('it claims {count} tensors'));
    const keyCount = await this.#file.count(limits.keys, msg('it claims {count} metadata keys'));
    return { tensorCount, keyCount };
  }

  async #key(): Promise<string> {
    const key = await this.#file.text();
    if (this.#metadata.has(key) || this.#arrayLengths.has(key))
      throw notGguf(t('it has the key {key} twice', { key }));
    return key;
  }

  async #entry(key: string, keepArray: boolean): Promise<void> {
    const type = await this.#file.u32();
    const value =
      type === arrayType ? await this.#array(keepArray, 0, key) : await this.#value(type, keepArray, 0);
    if (value !== undefined) this.#metadata.set(key, value);
  }

  /** Reads what each tensor is and where it lies; the file must reach the end of the last one. */
  async #tensors(count: number, alignment: GgufValue): Promise<Pick<GgufHeader, 'tensors' | 'places'>> {
    if (typeof alignment !== 'number' || !Number.isInteger(Math.log2(alignment)) || alignment > 2 ** 20) {
      throw notGguf(t('its alignment makes no sense'));
    }
    const tensors = new Map<string, readonly number[]>();
    const places = new Map<string, { offset: number; type: number }>();
    let end = 0;
    for (let i = 0; i < count; i++) {
      const name = await this.#file.text();
      if (Buffer.byteLength(name) > limits.tensorNameBytes) throw notGguf(t('a tensor has too long a name'));
      if (tensors.has(name)) throw notGguf(t('it has the tensor {name} twice', { name }));
      const dimensions = await this.#dimensions(name);
      const type = await this.#file.u32();
      if (!isKnownType(type)) {
        throw notGguf(
          t('the tensor {name} has the unknown type {type}', { name, type }),
          t('Look for another quantisation of it.'),
        );
      }
      if (dimensions[0]! % blockElements(type) !== 0)
        throw notGguf(t('the tensor {name} has broken rows', { name }));
      const offset = await this.#file.u64();
      if (offset % alignment !== 0) throw notGguf(t('the tensor {name} lies askew', { name }));
      const elements = dimensions.reduce((product, size) => product * size, 1);
      end = Math.max(end, offset + tensorBytes(type, elements));
      tensors.set(name, dimensions);
      places.set(name, { offset, type });
    }
    if (end > Number.MAX_SAFE_INTEGER) throw notGguf(t('its tensors have absurd sizes'));
    const dataStart = Math.ceil(this.#file.position / alignment) * alignment;
    if (count > 0 && dataStart + end > this.#file.sizeBytes) {
      throw truncated(dataStart + end, this.#file.sizeBytes);
    }
    for (const place of places.values()) place.offset += dataStart;
    return { tensors, places };
  }

  async #dimensions(name: string): Promise<number[]> {
    const count = await this.#file.u32();
    if (count > limits.dimensions) throw notGguf(t('the tensor {name} has too many dimensions', { name }));
    const dimensions: number[] = [];
    for (let d = 0; d < count; d++) dimensions.push(await this.#file.u64());
    if (count === 0 || dimensions.includes(0)) throw notGguf(t('the tensor {name} is empty', { name }));
    return dimensions;
  }

  async #value(type: number, keepArray: boolean, depth: number): Promise<GgufValue | undefined> {
    switch (type) {
      case 0:
        return (await this.#file.bytes(1)).readUInt8();
      case 1:
        return (await this.#file.bytes(1)).readInt8();
      case 2:
        return (await this.#file.bytes(2)).readUInt16LE();
      case 3:
        return (await this.#file.bytes(2)).readInt16LE();
      case 4:
        return this.#file.u32();
      case 5:
        return (await this.#file.bytes(4)).readInt32LE();
      case 6:
        return (await this.#file.bytes(4)).readFloatLE();
      case 7:
        return (await this.#file.bytes(1)).readUInt8() !== 0;
      case textType:
        return this.#file.text();
      case arrayType:
        return this.#array(keepArray, depth);
      case 10:
        return (await this.#file.bytes(8)).readBigUInt64LE();
      case 11:
        return (await this.#file.bytes(8)).readBigInt64LE();
      case 12:
        return (await this.#file.bytes(8)).readDoubleLE();
      default:
        throw notGguf(t('it has a value of the unknown type {type}', { type }));
    }
  }

  /** @param key of an array that stands in no other one */
  async #array(keep: boolean, depth: number, key?: string): Promise<GgufValue | undefined> {
    if (depth >= limits.depth) throw notGguf(t('its metadata is nested too deeply'));
    const { type, length } = await this.#arrayHead(key);
    const wanted = keep || length <= longArray;
    const bytes = valueBytes[type];
    if (!wanted && (type === textType || bytes !== undefined)) {
      if (bytes === undefined) await this.#file.skipTexts(length);
      else this.#file.skip(bytes * length);
      return undefined;
    }
    const values: GgufValue[] = [];
    for (let i = 0; i < length; i++) {
      const value = await this.#value(type, keep, depth + 1);
      if (wanted && value !== undefined) values.push(value);
    }
    return wanted ? values : undefined;
  }

  async #arrayHead(key?: string): Promise<{ type: number; length: number }> {
    const type = await this.#file.u32();
    const length = await this.#file.count(limits.arrayLength, msg('it claims {count} entries in an array'));
    if (key !== undefined) this.#arrayLengths.set(key, length);
    return { type, length };
  }
}
