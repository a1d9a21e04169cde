/** Owns the name of what a KV state belongs to; a state of another name is useless at best, and may crash llama.cpp. */
import { createHash } from 'node:crypto';
import type { FileIdentity } from '../../preload/contract/models.js';

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

/** The key of a model file under these settings. */
export function stateKey(file: FileIdentity, settings: StateSettings): string {
  return createHash('sha256')
    .update(JSON.stringify([format, file, settings]))
    .digest('hex');
}
