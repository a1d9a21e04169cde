/** Owns a catalogue model's shape and usual size as the estimate of its memory takes them. */
import type { CatalogueModel } from '../../../preload/contract/catalogue.js';
import type { ModelShape } from '../../engine/memory.js';

/** Of the LLaMA vocabulary, to which some releases added a few tokens. */
const llamaVocabulary = 32_000;

export function shapeOf({ architecture, contextSize }: CatalogueModel): ModelShape {
  const { layers, kvHeads, headSize, width, feedForward, vocabulary } = architecture;
  return {
    ...{ layers, kvHeads, headSize, width, feedForward },
    vocabulary: vocabulary ?? llamaVocabulary,
    trainedContext: contextSize,
  };
}

/** Of a LLaMA of 7B parameters and more in Q4_K_M: files from 4.08 GB (7B) to 39.3 GB (65B). */
const usualBitsPerWeight = 4.84;

/** Bytes of the file at 4 bits that people take first; reckoned for a model that has none. */
export function usualSizeBytes({ repositories, parameters }: CatalogueModel): number {
  const files = repositories.flatMap((one) => one.files);
  const usual = files.find(({ quantization }) => quantization === 'Q4_K_M');
  return usual?.sizeBytes ?? Math.round((parameters * usualBitsPerWeight) / 8);
}
