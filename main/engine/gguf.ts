/** Owns reading the header of a GGUF file: its metadata and its list of tensors; never loads a model. */
import { AppError } from '../../preload/contract/errors.js';
import { openFile, type ByteSource } from './byte-source.js';
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
  stringBytes: 16 * 2 ** 20,
  arrayLength: 4_000_000,
  depth: 4,
  /** `GGML_MAX_DIMS` and `GGML_MAX_NAME` of ggml.h. */
  dimensions: 4,
  tensorNameBytes: 63,
};
/** Number of the type of arrays. */
const arrayType = 9;
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

/** @param reason the end of a sentence */
export function notGguf(
  reason: string,
  hint = 'Choose a .gguf file. If it was downloaded, download it again.',
): AppError {
  return new AppError({
    code: 'model-not-gguf',
    message: `This file is not a usable GGUF model: ${reason}.`,
    hint,
  });
}

function truncated(expectedBytes: number, actualBytes: number): AppError {
  const count = (bytes: number) => bytes.toLocaleString('en-US');
  return new AppError({
    code: 'model-truncated',
    message: `This model file is incomplete: it has ${count(actualBytes)} of at least ${count(expectedBytes)} bytes.`,
    hint: 'Download it again.',
  });
}

/** Walks through the header with a window over the file, so that no length in it is trusted before it is checked. */
class Reader {
  readonly #source: ByteSource;
  readonly #metadata = new Map<string, GgufValue>();
  readonly #arrayLengths = new Map<string, number>();
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
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
      sizeBytes: this.#source.sizeBytes,
    };
  }

  async hyperparameters(): Promise<Pick<GgufHeader, 'metadata' | 'arrayLengths'>> {
    const { keyCount } = await this.#start();
    for (let i = 0; i < keyCount; i++) {
      const key = await this.#key();
      if (key === vocabularyKey && this.#knowsShape()) {
        await this.#u32();
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
    const { sizeBytes } = this.#source;
    if (sizeBytes < 4) throw notGguf(sizeBytes === 0 ? 'it is empty' : 'it is too short');
    const magic = (await this.#bytes(4)).toString('latin1');
    if (olderMagics.has(magic)) {
      throw notGguf('it is in the older GGML format of 2023', 'Look for a GGUF version of the same model.');
    }
    if (magic !== 'GGUF') throw notGguf('its first bytes are not those of GGUF');
    const version = await this.#u32();
    if (version !== 2 && version !== 3) throw notGguf(`it has the unknown version ${version}`);
    const tensorCount = await this.#count(limits.tensors, 'tensors');
    const keyCount = await this.#count(limits.keys, 'metadata keys');
    return { tensorCount, keyCount };
  }

  async #key(): Promise<string> {
    const key = await this.#string();
    if (this.#metadata.has(key) || this.#arrayLengths.has(key)) throw notGguf(`it has the key ${key} twice`);
    return key;
  }

  async #entry(key: string, keepArray: boolean): Promise<void> {
    const type = await this.#u32();
    const value =
      type === arrayType ? await this.#array(keepArray, 0, key) : await this.#value(type, keepArray, 0);
    if (value !== undefined) this.#metadata.set(key, value);
  }

  /** Reads what each tensor is and where it lies; the file must reach the end of the last one. */
  async #tensors(count: number, alignment: GgufValue): Promise<Pick<GgufHeader, 'tensors' | 'places'>> {
    if (typeof alignment !== 'number' || !Number.isInteger(Math.log2(alignment)) || alignment > 2 ** 20) {
      throw notGguf('its alignment makes no sense');
    }
    const tensors = new Map<string, readonly number[]>();
    const places = new Map<string, { offset: number; type: number }>();
    let end = 0;
    for (let i = 0; i < count; i++) {
      const name = await this.#string();
      if (Buffer.byteLength(name) > limits.tensorNameBytes) throw notGguf('a tensor has too long a name');
      if (tensors.has(name)) throw notGguf(`it has the tensor ${name} twice`);
      const dimensions = await this.#dimensions(name);
      const type = await this.#u32();
      if (!isKnownType(type)) {
        throw notGguf(
          `the tensor ${name} has the unknown type ${type}`,
          'Look for another quantisation of it.',
        );
      }
      if (dimensions[0]! % blockElements(type) !== 0) throw notGguf(`the tensor ${name} has broken rows`);
      const offset = await this.#u64();
      if (offset % alignment !== 0) throw notGguf(`the tensor ${name} lies askew`);
      const elements = dimensions.reduce((product, size) => product * size, 1);
      end = Math.max(end, offset + tensorBytes(type, elements));
      tensors.set(name, dimensions);
      places.set(name, { offset, type });
    }
    if (end > Number.MAX_SAFE_INTEGER) throw notGguf('its tensors have absurd sizes');
    const dataStart = Math.ceil(this.#position / alignment) * alignment;
    if (count > 0 && dataStart + end > this.#source.sizeBytes) {
      throw truncated(dataStart + end, this.#source.sizeBytes);
    }
    for (const place of places.values()) place.offset += dataStart;
    return { tensors, places };
  }

  async #dimensions(name: string): Promise<number[]> {
    const count = await this.#u32();
    if (count > limits.dimensions) throw notGguf(`the tensor ${name} has too many dimensions`);
    const dimensions: number[] = [];
    for (let d = 0; d < count; d++) dimensions.push(await this.#u64());
    if (count === 0 || dimensions.includes(0)) throw notGguf(`the tensor ${name} is empty`);
    return dimensions;
  }

  async #value(type: number, keepArray: boolean, depth: number): Promise<GgufValue | undefined> {
    switch (type) {
      case 0:
        return (await this.#bytes(1)).readUInt8();
      case 1:
        return (await this.#bytes(1)).readInt8();
      case 2:
        return (await this.#bytes(2)).readUInt16LE();
      case 3:
        return (await this.#bytes(2)).readInt16LE();
      case 4:
        return this.#u32();
      case 5:
        return (await this.#bytes(4)).readInt32LE();
      case 6:
        return (await this.#bytes(4)).readFloatLE();
      case 7:
        return (await this.#bytes(1)).readUInt8() !== 0;
      case 8:
        return this.#string();
      case arrayType:
        return this.#array(keepArray, depth);
      case 10:
        return (await this.#bytes(8)).readBigUInt64LE();
      case 11:
        return (await this.#bytes(8)).readBigInt64LE();
      case 12:
        return (await this.#bytes(8)).readDoubleLE();
      default:
        throw notGguf(`it has a value of the unknown type ${type}`);
    }
  }

  /** @param key of an array that stands in no other one */
  async #array(keep: boolean, depth: number, key?: string): Promise<GgufValue | undefined> {
    if (depth >= limits.depth) throw notGguf('its metadata is nested too deeply');
    const { type, length } = await this.#arrayHead(key);
    const wanted = keep || length <= longArray;
    const values: GgufValue[] = [];
    for (let i = 0; i < length; i++) {
      const value = await this.#value(type, keep, depth + 1);
      if (wanted && value !== undefined) values.push(value);
    }
    return wanted ? values : undefined;
  }

  async #arrayHead(key?: string): Promise<{ type: number; length: number }> {
    const type = await this.#u32();
    const length = await this.#count(limits.arrayLength, 'entries in an array');
    if (key !== undefined) this.#arrayLengths.set(key, length);
    return { type, length };
  }

  async #count(limit: number, what: string): Promise<number> {
    const count = await this.#u64();
    if (count > limit) throw notGguf(`it claims ${count} ${what}`);
    return count;
  }

  async #string(): Promise<string> {
    const length = await this.#u64();
    if (length > limits.stringBytes) throw notGguf(`it claims a text of ${length} bytes`);
    return (await this.#bytes(length)).toString('utf8');
  }

  async #u32(): Promise<number> {
    return (await this.#bytes(4)).readUInt32LE();
  }

  async #u64(): Promise<number> {
    return Number((await this.#bytes(8)).readBigUInt64LE());
  }

  /** The next bytes. Synchronous when they are in the window, which is the rule: a vocabulary has 100,000 short texts. */
  #bytes(length: number): Buffer | Promise<Buffer> {
    const start = this.#position - this.#windowStart;
    if (start + length <= this.#window.length) {
      this.#position += length;
      return this.#window.subarray(start, start + length);
    }
    return this.#refill(length);
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
