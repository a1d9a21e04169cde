/** Owns what must be known of a model file before it is loaded; never loads it. */
import { stat } from 'node:fs/promises';
import type { ModelFile } from '../../preload/contract/models.js';
import { checkModel } from '../engine/gguf-check.js';
import { fileTypeNames } from '../engine/gguf-types.js';
import { readGguf } from '../engine/gguf.js';
import { modelShape, type ModelShape } from '../engine/memory.js';

type ModelSummary = Pick<ModelFile, 'architecture' | 'quantization' | 'trainedContext' | 'sizeBytes'>;

/** What the list of models shows of a file. @throws as `readGguf` and `checkModel` */
export async function readSummary(path: string): Promise<ModelSummary> {
  const header = await readGguf(path);
  checkModel(header);
  const { metadata, sizeBytes } = header;
  const text = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  const number = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'number' ? value : null;
  };
  const architecture = text('general.architecture');
  const fileType = number('general.file_type');
  return {
    architecture,
    quantization: fileType === null ? null : (fileTypeNames[fileType] ?? null),
    trainedContext: architecture === null ? null : number(`${architecture}.context_length`),
    sizeBytes,
  };
}

/**
 * @returns stamp: tells the file from another one that takes its place
 * @throws as `readGguf` and `checkModel`
 */
export async function inspectModel(
  path: string,
): Promise<{ stamp: string; shape: ModelShape; sizeBytes: number }> {
  const header = await readGguf(path);
  checkModel(header);
  const { size, mtimeMs } = await stat(path);
  return { stamp: `${size}:${mtimeMs}`, shape: modelShape(header), sizeBytes: size };
}
