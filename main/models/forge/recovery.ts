/**
 * Owns what a chosen folder is — whole weights, a difference to a base, or files XORed with a base — and putting
 * together the model that it stands for; never writes a file.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';
import { checkSum, publishedSum, readChecksums, type Checksum } from './checksums.js';
import { missingFiles, openCheckpoint, weightFiles } from './checkpoint.js';
import { convertedTensors, typeMetadata, type WeightType } from './conversion.js';
import { deltaWeights } from './delta-weights.js';
import { readSpecialTokens, readTokenTable, tokenizerFiles } from './folder-vocabulary.js';
import { fromFloats, ggml } from './blocks.js';
import type { Metadata } from './gguf-header.js';
import type { TensorSource } from './gguf-writer.js';
import { openGgufWeights } from './gguf-weights.js';
import { huggingFaceWeights } from './huggingface-weights.js';
import { llamaMetadata, readLlamaConfig, ropeFactors, ropeSum, type LlamaConfig } from './llama-config.js';
import { openFolder, readAll, readJson, readText, xorFolder, type ModelFolder } from './model-folder.js';
import { vocabularyMetadata } from './vocabulary.js';
import type { Weights } from './weights.js';

export type Recipe = {
  /** A folder in Hugging Face's layout: whole weights, or what a release gives instead of them. */
  readonly folder: string;
  /** What the release was made from: such a folder, or for a difference a GGUF file. */
  readonly base: string | null;
};
type RecipeKind = 'whole' | 'difference' | 'xor';

export type Recovery = {
  readonly kind: RecipeKind;
  readonly name: string;
  readonly config: LlamaConfig;
  readonly weights: Weights;
  readonly metadata: Metadata;
  /** The files to check before anything is made of them. */
  readonly checks: ReadonlyMap<string, Checksum>;
  readonly folder: ModelFolder;
  tensors(type: WeightType): TensorSource[];
  close(): Promise<void>;
};

/** @throws AppError saying what is missing, broken or does not fit together */
export async function openRecovery({ folder: path, base }: Recipe): Promise<Recovery> {
  const chosen = await openFolder(path);
  const kind = await kindOf(chosen, base);
  const folder = kind === 'xor' ? xorFolder(chosen, await baseFolder(base)) : chosen;
  await checkComplete(folder, chosen, kind);
  const config = readLlamaConfig(await readJson(folder, 'config.json'));
  const table = await readTokenTable(folder);
  const special = await readSpecialTokens(folder, config);
  const name = basename(path);
  const metadata = {
    ...llamaMetadata(name, config),
    ...vocabularyMetadata(table, special, config.vocabulary),
  };
  const own = await openWeights(folder, config);
  const weights = kind === 'difference' ? await addBase(own, base ?? '') : own;
  const published =
    kind === 'difference'
      ? publishedSum(name, config.vocabulary, config.layers, await readText(folder, 'checksum_psum.txt'))
      : null;
  return {
    ...{ kind, name, config, weights, metadata, folder },
    checks: kind === 'xor' ? await releaseChecksums(path, folder) : new Map(),
    tensors: (type) => [
      ...ropeTensor(config),
      ...convertedTensors(weights, type, (sum) => {
        if (published !== null) checkSum(published, sum, ropeSum(config));
      }),
    ],
    close: () => weights.close(),
  };
}

export function recoveryMetadata({ metadata }: Recovery, type: WeightType): Metadata {
  return { ...metadata, ...typeMetadata(type) };
}

/** A config.json that is XORed with another one begins with their common brace, which is then zero. */
async function kindOf(folder: ModelFolder, base: string | null): Promise<RecipeKind> {
  if (!folder.files.has('config.json')) throw missingFiles(['config.json']);
  const xored = (await readAll(folder, 'config.json'))[0] === 0;
  if (xored && base === null) {
    throw new AppError({
      code: 'bad-input',
      message: `${folder.name} holds files that were XORed with those of a base model.`,
      hint: 'Choose its base too: the folder of the LLaMA model that the release names, in Hugging Face’s layout.',
    });
  }
  return xored ? 'xor' : base === null ? 'whole' : 'difference';
}

async function baseFolder(base: string | null): Promise<ModelFolder> {
  if (base !== null && (await stat(base).catch(() => null))?.isFile()) {
    throw new AppError({
      code: 'model-unsupported',
      message: 'XOR files can only be undone with the very files that they were made from.',
      hint: 'Choose the folder of the base model in Hugging Face’s layout, not a GGUF file.',
    });
  }
  return openFolder(base ?? '');
}

async function checkComplete(folder: ModelFolder, chosen: ModelFolder, kind: RecipeKind): Promise<void> {
  const { files } = await weightFiles(folder);
  const missing = files.filter((file) => !folder.files.has(file));
  if (!tokenizerFiles.some((file) => folder.files.has(file))) missing.push('tokenizer.model');
  if (missing.length === 0) return;
  const inBase = missing.filter((file) => chosen.files.has(file));
  if (kind === 'xor' && inBase.length > 0) {
    throw new AppError({
      code: 'not-found',
      message: `The base lacks ${inBase.join(', ')}, which the XOR files need.`,
      hint: 'The base must be split into files exactly as the release describes.',
    });
  }
  throw missingFiles(missing);
}

async function openWeights(folder: ModelFolder, config: LlamaConfig): Promise<Weights> {
  const checkpoint = await openCheckpoint(folder);
  return closingOnError(checkpoint, () => huggingFaceWeights(checkpoint, config));
}

async function addBase(delta: Weights, path: string): Promise<Weights> {
  const base = await closingOnError(delta, () => openBase(path));
  const both = { close: () => Promise.all([base.close(), delta.close()]) };
  return closingOnError(both, () => deltaWeights(base, delta));
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

/** The card lies beside the files, or above them. */
async function releaseChecksums(path: string, folder: ModelFolder): Promise<Map<string, Checksum>> {
  const sums = new Map<string, Checksum>();
  for (const place of [dirname(path), path]) {
    const card = await readText(await openFolder(place), 'README.md');
    for (const [file, sum] of readChecksums(card ?? '')) if (folder.files.has(file)) sums.set(file, sum);
  }
  return sums;
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
