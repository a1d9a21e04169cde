/** Owns what must be known of a model file before it is loaded; never loads it. */
import { stat } from 'node:fs/promises';
import { readGguf } from '../engine/gguf.js';
import { modelShape, type ModelShape } from '../engine/memory.js';

/**
 * @returns stamp: tells the file from another one that takes its place
 * @throws as `readGguf`
 */
export async function inspectModel(path: string): Promise<{ stamp: string; shape: ModelShape }> {
  const header = await readGguf(path);
  const { size, mtimeMs } = await stat(path);
  return { stamp: `${size}:${mtimeMs}`, shape: modelShape(header) };
}
