/** Owns estimating what a model needs of the machine's memory before it is loaded. */
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { AppError } from '../../preload/contract/errors.js';
import type { GgufHeader } from './gguf.js';

/** Buffers for computing a batch; a measured round figure for models of up to 13 B parameters. */
const computeBytes = 200 * 2 ** 20;
const defaultMaxContext = 8192;
const smallestContext = 512;

/** Bytes of memory that can be had without swapping. */
export async function availableMemoryBytes(): Promise<number> {
  const info = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(info)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

/** Bytes of the KV cache for one token: keys and values of 16 bits for each layer and KV head. */
export function kvBytesPerToken({ metadata }: GgufHeader): number {
  const number = (key: string) => {
    const value = metadata.get(`${String(metadata.get('general.architecture'))}.${key}`);
    return typeof value === 'number' ? value : 0;
  };
  const heads = number('attention.head_count');
  if (heads === 0) return 0;
  const headSize = number('attention.key_length') || number('embedding_length') / heads;
  return 2 * 2 * number('block_count') * (number('attention.head_count_kv') || heads) * headSize;
}

/** Tokens of context that the model was trained for; null when the file does not say. */
function trainedContext({ metadata }: GgufHeader): number | null {
  const value = metadata.get(`${String(metadata.get('general.architecture'))}.context_length`);
  return typeof value === 'number' && value > 0 ? value : null;
}

/**
 * The context to load with.
 * @param wanted tokens, 0 = as trained, at most 8,192, and smaller where memory is short
 * @param availableBytes null = unknown, as on a GPU, where the engine itself measures
 * @throws AppError model-too-large with the numbers and what would fit
 */
export function chooseContextSize(header: GgufHeader, wanted: number, availableBytes: number | null): number {
  const size = wanted > 0 ? wanted : Math.min(trainedContext(header) ?? 4096, defaultMaxContext);
  if (availableBytes === null) return size;
  const perToken = kvBytesPerToken(header);
  const room = availableBytes - header.sizeBytes - computeBytes;
  if (size * perToken <= room) return size;
  const fitting = perToken === 0 ? 0 : Math.floor(room / perToken / 256) * 256;
  if (wanted === 0 && fitting >= smallestContext) return fitting;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new AppError({
    code: 'model-too-large',
    message: `This model needs about ${gigabytes(header.sizeBytes + computeBytes + size * perToken)} of memory; ${gigabytes(availableBytes)} are free.`,
    hint:
      fitting >= smallestContext
        ? `A context of ${fitting.toLocaleString('en-US')} tokens would fit: set it under Parameters.`
        : 'Close other programs, or choose a smaller model or quantisation.',
  });
}
