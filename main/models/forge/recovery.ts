/** Owns putting together the model that a folder and its base stand for; never writes a file. */
import { stat } from 'node:fs/promises';
import type { OriginalSource } from '../../../preload/contract/forge.js';
import { fromFloats, ggml } from './blocks.js';
import { openCheckpoint } from './checkpoint.js';
import { checkSum, publishedSum, type Checksum } from './checksums.js';
import { convertedTensors, type WeightType } from './conversion.js';
import { deltaWeights } from './delta-weights.js';
import { openEasyLmWeights } from './easylm-weights.js';
import { readSpecialTokens, readTokenTable } from './folder-vocabulary.js';
import type { Metadata } from './gguf-header.js';
import { openGgufWeights } from './gguf-weights.js';
import type { TensorSource } from './gguf-writer.js';
import { huggingFaceWeights } from './huggingface-weights.js';
import { llamaMetadata, readLlamaConfig, ropeFactors, ropeSum, type LlamaConfig } from './llama-config.js';
import { openFolder, readJson, readText, type ModelFolder } from './model-folder.js';
import { readRecipe, releaseChecksums, type Ingredients, type Recipe } from './recipe.js';
import { vocabularyMetadata } from './vocabulary.js';
import { storedBytes, type Weights } from './weights.js';

export type Recovery = {
  readonly form: OriginalSource['form'];
  readonly config: LlamaConfig;
  readonly weights: Weights;
  /** The type of the matrices. */
  readonly type: OriginalSource['weights'];
  /** All that the header says, without the name and the type of the new file. */
  readonly metadata: Metadata;
  /** Of all weights that are read, those of the base too. */
  readonly sizeBytes: number;
  /** The files whose sums the release gives, and where they are. */
  readonly checks: ReadonlyMap<string, Checksum>;
  readonly folder: ModelFolder;
  /** What to write; reading it throws bad-input when the weights are not those that the release tells of. */
  tensors(type: WeightType): TensorSource[];
  close(): Promise<void>;
};

/** @throws AppError saying what is missing, broken or does not fit together */
export async function openRecovery(recipe: Recipe): Promise<Recovery> {
  const ingredients = await readRecipe(recipe);
  const { form, folder, description } = ingredients;
  const config = readLlamaConfig(await readJson(description, 'config.json'));
  const table = await readTokenTable(description);
  const special = await readSpecialTokens(description, config);
  const metadata = { ...llamaMetadata(config), ...vocabularyMetadata(table, special, config.vocabulary) };
  const sumFile = await readText(folder, 'checksum_psum.txt');
  const published = form === 'difference' ? publishedSum(folder.name, config, sumFile) : null;
  const checks = form === 'xor' ? await releaseChecksums(recipe.path, folder) : new Map<string, Checksum>();
  const own = await openOwn(ingredients, config);
  const { weights, baseBytes } =
    form === 'difference' ? await addBase(own, recipe.base ?? '') : { weights: own, baseBytes: 0 };
  return {
    ...{ form, config, weights, metadata, checks, folder },
    type: own.tensors.get('token_embd.weight')!.type,
    sizeBytes: storedBytes(own) + baseBytes,
    tensors: (type) => [
      ...ropeTensor(config),
      ...convertedTensors(weights, type, (sum) => {
        if (published !== null) checkSum(published, sum, ropeSum(config));
      }),
    ],
    close: () => weights.close(),
  };
}

async function openOwn({ folder, easyLm }: Ingredients, config: LlamaConfig): Promise<Weights> {
  if (easyLm === null) return openWeights(folder, config);
  const file = await folder.open(easyLm);
  return closingOnError(file, () => openEasyLmWeights(file));
}

async function openWeights(folder: ModelFolder, config: LlamaConfig): Promise<Weights> {
  const checkpoint = await openCheckpoint(folder);
  return closingOnError(checkpoint, () => huggingFaceWeights(checkpoint, config));
}

async function addBase(delta: Weights, path: string): Promise<{ weights: Weights; baseBytes: number }> {
  const base = await closingOnError(delta, () => openBase(path));
  const both = { close: () => Promise.all([base.close(), delta.close()]) };
  const weights = await closingOnError(both, () => deltaWeights(base, delta));
  return { weights, baseBytes: storedBytes(base) };
}

async function openBase(path: string): Promise<Weights> {
  if ((await stat(path).catch(() => null))?.isFile()) return openGgufWeights(path);
  const folder = await openFolder(path);
  return openWeights(folder, readLlamaConfig(await readJson(folder, 'config.json')));
}

async function closingOnError<T>(
  opened: { close(): Promise<unknown> },
  make: () => T | Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

function ropeTensor(config: LlamaConfig): TensorSource[] {
  const factors = ropeFactors(config);
  if (factors === null) return [];
  return [
    {
      ...{ name: 'rope_freqs.weight', dimensions: [factors.length], type: ggml.f32 },
      async *data() {
        yield fromFloats(ggml.f32, factors);
      },
    },
  ];
}
