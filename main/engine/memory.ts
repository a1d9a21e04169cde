/** Owns the formulas of what a model needs of the machine's memory; never measures a model and never decides what is loaded. */
import { t } from '../../preload/contract/language.js';
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { AppError } from '../../preload/contract/errors.js';
import type { KvType } from '../../preload/contract/kv-types.js';
import type { MemoryNeed } from '../../preload/contract/fit.js';
import type { GgufHeader } from './gguf.js';
import { largestPiece } from './pieces.js';

const defaultMaxContext = 8192;
const smallestContext = 512;
/** llama.cpp pads contexts to so many tokens. */
const contextStep = 256;
/** Bytes of an element: a block of 32 in Q8_0 is 34 bytes, in Q4_0 it is 18. */
const kvElementBytes: Readonly<Record<KvType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };
/** The vocabulary of LLaMA, where a file does not say. */
const usualVocabulary = 32_000;
/** A round figure for models of up to 13 B parameters, where a file does not say how wide it is. */
const usualComputeBytes = 200 * 2 ** 20;
/** Tables of the vocabulary in llama.cpp and its binding; measured 1.0 to 1.2 kB for an entry. */
const vocabularyEntryBytes = 1200;

/** What costs memory in a model; 0 where the file does not say. */
export type ModelShape = {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** Length of the vector of a token (`embedding_length`). */
  readonly width: number;
  readonly feedForward: number;
  /** Tokens of the vocabulary. */
  readonly vocabulary: number;
  /** Tokens of context that the model was trained for. */
  readonly trainedContext: number;
};

export function modelShape({
  metadata,
  arrayLengths,
}: Pick<GgufHeader, 'metadata' | 'arrayLengths'>): ModelShape {
  const number = (key: string) => {
    const value = metadata.get(`${String(metadata.get('general.architecture'))}.${key}`);
    return typeof value === 'number' ? value : 0;
  };
  const heads = number('attention.head_count');
  return {
    layers: number('block_count'),
    kvHeads: number('attention.head_count_kv') || heads,
    headSize: number('attention.key_length') || (heads === 0 ? 0 : number('embedding_length') / heads),
    width: number('embedding_length'),
    feedForward: number('feed_forward_length'),
    vocabulary: number('vocab_size') || (arrayLengths.get('tokenizer.ggml.tokens') ?? 0),
    trainedContext: number('context_length'),
  };
}

/** The context of a model for which none is set: as trained, at most 8,192 tokens. */
export function defaultContext({ trainedContext }: Pick<ModelShape, 'trainedContext'>): number {
  return Math.min(trainedContext || 4096, defaultMaxContext);
}

/** Bytes of memory that can be had without swapping. */
export async function availableMemoryBytes(): Promise<number> {
  const info = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(info)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

/** Bytes of the KV cache for one token: keys and values for each layer and KV head. */
export function kvBytesPerToken({ layers, kvHeads, headSize }: ModelShape, kvType: KvType): number {
  return 2 * kvElementBytes[kvType] * layers * kvHeads * headSize;
}

/**
 * Bytes of the buffers for computing a piece of a prompt, in F32: at its widest either the logits with two vectors of
 * each token, or the three matrices of a feed-forward step, four vectors and the mask (F16, one entry for each token of
 * context). Measured with the bundled release, with flash attention: equal to its 'compute buffer size' for widths of
 * 576 to 4,096 and contexts of 512 to 32,768.
 */
function computeBytes({ vocabulary, width, feedForward }: ModelShape, contextSize: number): number {
  if (width === 0) return usualComputeBytes;
  const logits = (vocabulary || usualVocabulary) + 2 * width;
  const layer = 3 * feedForward + 4 * width + contextSize / 2;
  return 4 * Math.min(largestPiece, contextSize) * Math.max(logits, layer);
}

/** What a model would take, by its parts. @param weightsBytes size of the file, or of all files of a split model */
export function memoryNeed(
  shape: ModelShape,
  weightsBytes: number,
  { contextSize, kvType }: { readonly contextSize: number; readonly kvType: KvType },
): MemoryNeed {
  return {
    weightsBytes,
    kvBytes: contextSize * kvBytesPerToken(shape, kvType),
    computeBytes: computeBytes(shape, contextSize),
    otherBytes: (shape.vocabulary || usualVocabulary) * vocabularyEntryBytes,
  };
}

export function sumOf({ weightsBytes, kvBytes, computeBytes, otherBytes }: MemoryNeed): number {
  return weightsBytes + kvBytes + computeBytes + otherBytes;
}

/**
 * The largest context that fits, in whole steps of 256 tokens.
 * @param fits whether a context does; one that is smaller than a fitting one does too
 * @returns at most what the model was trained for; 0 when not even the smallest one of use fits
 */
export function largestContext(
  { trainedContext }: Pick<ModelShape, 'trainedContext'>,
  fits: (contextSize: number) => boolean,
): number {
  let low = smallestContext / contextStep - 1;
  let high = Math.max(low + 1, Math.floor((trainedContext || defaultMaxContext) / contextStep));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle * contextStep)) low = middle;
    else high = middle - 1;
  }
  const found = low * contextStep;
  return found < smallestContext ? 0 : found;
}

/**
 * Refuses what can't be held, before the machine starts to swap.
 * @throws AppError model-too-large when no context fits, else context-too-large; with the numbers and what would fit
 */
export function requireMemory(
  { sizeBytes }: Pick<GgufHeader, 'sizeBytes'>,
  shape: ModelShape,
  load: { readonly contextSize: number; readonly kvType: KvType },
  availableBytes: number,
): void {
  const neededBytes = (contextSize: number) => sumOf(memoryNeed(shape, sizeBytes, { ...load, contextSize }));
  const needed = neededBytes(load.contextSize);
  if (needed <= availableBytes) return;
  const fitting = largestContext(shape, (contextSize) => neededBytes(contextSize) <= availableBytes);
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new AppError({
    code: fitting > 0 ? 'context-too-large' : 'model-too-large',
    message: t('This model needs about {needed} of memory; {free} are free.', {
      needed: gigabytes(needed),
      free: gigabytes(availableBytes),
    }),
    hint:
      fitting > 0
        ? t('A context of {count, number} tokens would fit.', { count: fitting })
        : t('Close other programs, or choose a smaller model or quantisation.'),
  });
}
