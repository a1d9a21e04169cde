/** Owns estimating what a model needs of the machine's memory before it is loaded. */
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { AppError } from '../../preload/contract/errors.js';
import type { KvType } from '../../preload/contract/kv-types.js';
import type { GgufHeader } from './gguf.js';

/** Buffers for computing a batch; a measured round figure for models of up to 13 B parameters. */
const computeBytes = 200 * 2 ** 20;
const defaultMaxContext = 8192;
const smallestContext = 512;
/** Bytes of an element: a block of 32 in Q8_0 is 34 bytes, in Q4_0 it is 18. */
const kvElementBytes: Readonly<Record<KvType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };

/** What costs memory in a model; 0 where the file does not say. */
export type ModelShape = {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** Tokens of context that the model was trained for. */
  readonly trainedContext: number;
};

export function modelShape({ metadata }: Pick<GgufHeader, 'metadata'>): ModelShape {
  const number = (key: string) => {
    const value = metadata.get(`${String(metadata.get('general.architecture'))}.${key}`);
    return typeof value === 'number' ? value : 0;
  };
  const heads = number('attention.head_count');
  return {
    layers: number('block_count'),
    kvHeads: number('attention.head_count_kv') || heads,
    headSize: number('attention.key_length') || (heads === 0 ? 0 : number('embedding_length') / heads),
    trainedContext: number('context_length'),
  };
}

/** The context of a model for which none is set: as trained, at most 8,192 tokens. */
export function defaultContext({ trainedContext }: ModelShape): number {
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
 * Refuses what can't be held, before the machine starts to swap.
 * @throws AppError model-too-large when the weights alone are, else context-too-large; with the numbers and what would fit
 */
export function requireMemory(
  { sizeBytes }: Pick<GgufHeader, 'sizeBytes'>,
  shape: ModelShape,
  { contextSize, kvType }: { readonly contextSize: number; readonly kvType: KvType },
  availableBytes: number,
): void {
  const perToken = kvBytesPerToken(shape, kvType);
  const room = availableBytes - sizeBytes - computeBytes;
  if (contextSize * perToken <= room) return;
  const fitting = perToken === 0 ? 0 : Math.floor(room / perToken / 256) * 256;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new AppError({
    code: room > 0 ? 'context-too-large' : 'model-too-large',
    message: `This model needs about ${gigabytes(sizeBytes + computeBytes + contextSize * perToken)} of memory; ${gigabytes(availableBytes)} are free.`,
    hint:
      fitting >= smallestContext
        ? `A context of ${fitting.toLocaleString('en-US')} tokens would fit.`
        : 'Close other programs, or choose a smaller model or quantisation.',
  });
}
