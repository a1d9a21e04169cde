/** Owns what must be known of a model file before it is loaded; never loads it. */
import { msg, t, type Message } from '../../preload/contract/language.js';
import { stat } from 'node:fs/promises';
import type { ModelHeader } from '../../preload/contract/local-models.js';
import { checkModel } from '../engine/gguf-check.js';
import { readModel } from '../engine/gguf-parts.js';
import { fileTypeNames } from '../engine/gguf-types.js';
import { notGguf } from '../engine/gguf-errors.js';
import { modelShape, type ModelShape } from '../engine/memory.js';

/** What the list of models shows of a file. @throws as `readModel` and `checkModel` */
export async function readSummary(path: string): Promise<ModelHeader> {
  const header = await readModel(path);
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
  const part =
    companions[text('general.type') ?? ''] ?? (architecture === 'clip' ? companions['mmproj'] : undefined);
  if (part !== undefined) throw notGguf(t(part), t('Load the model that it belongs to.'));
  checkModel(header);
  const fileType = number('general.file_type');
  return {
    architecture,
    quantization: fileType === null ? null : (fileTypeNames[fileType] ?? null),
    trainedContext: architecture === null ? null : number(`${architecture}.context_length`),
    sizeBytes,
    shape: modelShape(header),
    problem: null,
  };
}

/** Files that go with a model, by their `general.type` (ggml's docs/gguf.md); llama.cpp marks the older ones `clip`. */
const companions: Readonly<Record<string, Message>> = {
  adapter: msg('it is an adapter (LoRA) that goes with a model'),
  mmproj: msg('it lets another model see pictures (mmproj)'),
};

/**
 * @returns stamp: tells the file from another one that takes its place
 * @throws as `readModel` and `checkModel`
 */
export async function inspectModel(
  path: string,
): Promise<{ stamp: string; shape: ModelShape; sizeBytes: number }> {
  const header = await readModel(path);
  checkModel(header);
  const { sizeBytes } = header;
  const { mtimeMs } = await stat(path);
  return { stamp: `${sizeBytes}:${mtimeMs}`, shape: modelShape(header), sizeBytes };
}
