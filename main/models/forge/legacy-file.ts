/**
 * Owns reading what stands before and between the weights of a GGML LLaMA file of 2023 (containers `ggml`, `ggmf`, `ggjt`;
 * llama.cpp's convert_llama_ggml_to_gguf.py and the loaders of that time say how they lie). Never reads a weight.
 */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile, openBytes, type ExactBytes } from './exact-bytes.js';
import { layoutOf, type Era, type Layout } from './legacy-blocks.js';

export type Container = 'ggml' | 'ggmf v1' | 'ggjt v1' | 'ggjt v2' | 'ggjt v3';

export type LegacyTensor = {
  readonly name: string;
  /** The length of a row first. */
  readonly dimensions: readonly number[];
  readonly layout: Layout;
  /** Where its data begins in the file. */
  readonly offset: number;
};

export type LegacyFile = {
  readonly container: Container;
  readonly era: Era;
  /** Numbers of the header: tokens, width, heads, layers, and the `LLAMA_FTYPE_…` of that time. */
  readonly vocabulary: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly fileType: number;
  /** By id; the scores are missing in `ggml`. */
  readonly tokens: readonly { readonly text: Buffer; readonly score: number | null }[];
  readonly tensors: ReadonlyMap<string, LegacyTensor>;
  readonly sizeBytes: number;
};

const containers: Readonly<Record<string, readonly Container[]>> = {
  lmgg: ['ggml'],
  fmgg: ['ggmf v1'],
  tjgg: ['ggjt v1', 'ggjt v2', 'ggjt v3'],
};
const eras: Readonly<Record<Container, Era>> = {
  ggml: 'pairs',
  'ggmf v1': 'pairs',
  'ggjt v1': 'pairs',
  'ggjt v2': 'wide',
  'ggjt v3': 'current',
};
/** Far above any LLaMA model, and small enough to be read. */
const limits = { vocabulary: 1_000_000, width: 65_536, layers: 512, tokenBytes: 4096, nameBytes: 128 };
/** From June 2023 on, this much stands for each version of the quantisations in front of the file type. */
const versionFactor = 1000;

/** Whether a file begins as GGML files do. */
export function isLegacyMagic(start: Buffer): boolean {
  return start.subarray(0, 4).toString('latin1') in containers;
}

/** @throws AppError bad-input or model-unsupported with what is wrong, and what to do */
export async function readLegacyFile(path: string): Promise<LegacyFile> {
  const source = await openBytes(path);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}

async function read(source: ExactBytes): Promise<LegacyFile> {
  const at = new Cursor(source);
  const container = await readContainer(at);
  const [vocabulary, width, , heads, layers, , fileType] = await at.numbers(7);
  const plausible =
    within(vocabulary!, limits.vocabulary) &&
    within(width!, limits.width) &&
    within(heads!, width!) &&
    within(layers!, limits.layers) &&
    width! % heads! === 0;
  if (!plausible) throw notLlama();
  const tokens: { text: Buffer; score: number | null }[] = [];
  for (let id = 0; id < vocabulary!; id++) {
    const length = await at.number();
    if (length > limits.tokenBytes) throw notLlama();
    const text = Buffer.from(await at.bytes(length));
    tokens.push({ text, score: container === 'ggml' ? null : (await at.bytes(4)).readFloatLE() });
  }
  const era = eras[container];
  const tensors = await readTensors(at, era, container.startsWith('ggjt'));
  return {
    ...{ container, era, tokens, tensors },
    ...{ vocabulary: vocabulary!, width: width!, heads: heads!, layers: layers! },
    fileType: fileType! % versionFactor,
    sizeBytes: source.sizeBytes,
  };
}

async function readContainer(at: Cursor): Promise<Container> {
  const magic = (await at.bytes(4)).toString('latin1');
  if (magic === 'algg') {
    throw unsupported(
      t('This is a LoRA adapter, which changes a model, and no model by itself.'),
      t('Look for the model that it was merged into.'),
    );
  }
  const versions = containers[magic];
  if (versions === undefined) throw brokenFile(at.name, t('it does not begin as GGML files do'));
  if (magic === 'lmgg') return 'ggml';
  const version = await at.number();
  const container = versions[version - 1];
  if (container === undefined)
    throw brokenFile(at.name, t('its container has the unknown version {version}', { version }));
  return container;
}

async function readTensors(at: Cursor, era: Era, isAligned: boolean): Promise<Map<string, LegacyTensor>> {
  const tensors = new Map<string, LegacyTensor>();
  while (at.position < at.sizeBytes) {
    const [dimensionCount, nameBytes, type] = await at.numbers(3);
    if (dimensionCount! < 1 || dimensionCount! > 2 || !within(nameBytes!, limits.nameBytes)) throw notLlama();
    const dimensions = await at.numbers(dimensionCount!);
    const name = (await at.bytes(nameBytes!)).toString('utf8');
    if (tensors.has(name)) throw brokenFile(at.name, t('it has {name} twice', { name }));
    const layout = layoutOf(era, type!);
    if (layout === null) {
      throw unsupported(
        t('{name} is quantised in a way (type {type}) that files of this version never had.', {
          name,
          type: type!,
        }),
        t('Choose a GGUF version of this model, or one in F16.'),
      );
    }
    if (dimensions.some((size) => size === 0) || dimensions[0]! % layout.blockElements !== 0) {
      throw brokenFile(at.name, t('{name} has rows of an impossible length', { name }));
    }
    if (isAligned) at.position = Math.ceil(at.position / 32) * 32;
    const tensor = { name, dimensions, layout, offset: at.position };
    at.position += legacyBytes(tensor);
    if (at.position > at.sizeBytes) {
      throw brokenFile(
        at.name,
        t('it ends in the middle of {name}; it was not downloaded to its end', { name }),
      );
    }
    tensors.set(name, tensor);
  }
  return tensors;
}

/** Bytes of a tensor's data in its file. */
export function legacyBytes({ dimensions, layout }: Pick<LegacyTensor, 'dimensions' | 'layout'>): number {
  const elements = dimensions.reduce((product, size) => product * size, 1);
  return (elements / layout.blockElements) * layout.blockBytes;
}

const within = (value: number, most: number) => value >= 1 && value <= most;

export function unsupported(message: string, hint: string): AppError {
  return new AppError({ code: 'model-unsupported', message, hint });
}

/** Other models of that time began with the same letters. */
export function notLlama(): AppError {
  return unsupported(
    t('This GGML file holds no LLaMA model, or it is damaged.'),
    t('Only models of the LLaMA family can be imported. If it should be one, download it again.'),
  );
}

/** Reads on from a place, a piece of the file at a time. */
class Cursor {
  position = 0;
  #piece: Buffer = Buffer.alloc(0);
  #pieceStart = 0;
  readonly #source: ExactBytes;

  constructor(source: ExactBytes) {
    this.#source = source;
  }

  get name(): string {
    return this.#source.name;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  async bytes(length: number): Promise<Buffer> {
    let from = this.position - this.#pieceStart;
    if (from < 0 || from + length > this.#piece.length) {
      const wanted = Math.max(length, Math.min(2 ** 20, this.sizeBytes - this.position));
      this.#piece = await this.#source.read(this.position, wanted);
      this.#pieceStart = this.position;
      from = 0;
    }
    this.position += length;
    return this.#piece.subarray(from, from + length);
  }

  async number(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  async numbers(count: number): Promise<number[]> {
    const bytes = await this.bytes(4 * count);
    return Array.from({ length: count }, (_, index) => bytes.readUInt32LE(4 * index));
  }
}
