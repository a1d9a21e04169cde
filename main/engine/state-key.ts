/** Owns the name of what a KV state belongs to; a state of another name is useless at best, and may crash llama.cpp. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Everything besides the model that shapes a state or the numbers in it. */
export type StateSettings = {
  /** Release of llama.cpp. */
  readonly release: string;
  readonly gpu: string | null;
  readonly contextSize: number;
  readonly keyType: number;
  readonly valueType: number;
  readonly flashAttention: boolean | 'auto';
};

/** Goes up when the files themselves change. */
const format = 1;
const samples = 64;
const sampleBytes = 4096;
const headBytes = 65_536;

/**
 * The key of a model file under these settings. The file is known by its size, its head and samples of its weights:
 * a hash of all of it would take as long as loading it.
 */
export function stateKey(path: string, settings: StateSettings): string {
  const hash = createHash('sha256').update(JSON.stringify([format, settings]));
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    hash.update(`${size}`);
    const buffer = Buffer.alloc(headBytes);
    const read = (length: number, at: number) =>
      hash.update(buffer.subarray(0, readSync(file, buffer, 0, length, at)));
    read(headBytes, 0);
    for (let index = 1; index <= samples; index++) {
      read(sampleBytes, Math.max(0, Math.floor((size * index) / samples) - sampleBytes));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
