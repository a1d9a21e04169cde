/** Owns what a chosen folder and its base are to each other, and whether their files are all there; reads no weights. */
import { t } from '../../../preload/contract/language.js';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';
import type { OriginalSource } from '../../../preload/contract/forge.js';
import { missingFiles, weightFiles } from './checkpoint.js';
import { readChecksums, type Checksum } from './checksums.js';
import { looksLikeEasyLm } from './easylm-file.js';
import { tokenizerFiles } from './folder-vocabulary.js';
import { openFolder, readStart, readText, xorFolder, type ModelFolder } from './model-folder.js';

export type Recipe = {
  /** A folder: whole weights, or what a release gives instead of them. */
  readonly path: string;
  /** What the release was made from: a folder in Hugging Face's layout, or for a difference a GGUF file. */
  readonly base: string | null;
};

export type Ingredients = {
  readonly form: OriginalSource['form'];
  /** The weights of the release; with its XOR undone. */
  readonly folder: ModelFolder;
  /** The checkpoint of EasyLM in it, where it is such a release. */
  readonly easyLm: string | null;
  /** Where config.json and the tokenizer are. */
  readonly description: ModelFolder;
};

/** @throws AppError naming each file that is missing, or what must be chosen besides */
export async function readRecipe({ path, base }: Recipe): Promise<Ingredients> {
  const chosen = await openFolder(path);
  const easyLm = await findEasyLm(chosen);
  if (easyLm !== null) {
    const description = await folderOf(base, 'difference');
    await checkComplete(description);
    return { form: 'difference', folder: chosen, easyLm, description };
  }
  if (!chosen.files.has('config.json')) throw missingFiles(['config.json']);
  // Two texts that begin with the same brace make a zero.
  const isXored = (await readStart(chosen, 'config.json'))[0] === 0;
  const folder = isXored ? xorFolder(chosen, await folderOf(base, 'xor')) : chosen;
  await checkComplete(folder, isXored ? chosen : null);
  const form = isXored ? 'xor' : base === null ? 'whole' : 'difference';
  return { form, folder, easyLm: null, description: folder };
}

/** The sums that the card of a release gives for files of a folder; it lies beside them, or above. */
export async function releaseChecksums(path: string, { files }: ModelFolder): Promise<Map<string, Checksum>> {
  const sums = new Map<string, Checksum>();
  for (const place of [dirname(path), path]) {
    const card = await readText(await openFolder(place), 'README.md');
    for (const [file, sum] of readChecksums(card ?? '')) if (files.has(file)) sums.set(file, sum);
  }
  return sums;
}

/** Koala's releases are one file without an ending, and nothing that describes it. */
async function findEasyLm(folder: ModelFolder): Promise<string | null> {
  if (folder.files.has('config.json')) return null;
  for (const file of folder.files) if (looksLikeEasyLm(await readStart(folder, file))) return file;
  return null;
}

async function folderOf(base: string | null, form: 'difference' | 'xor'): Promise<ModelFolder> {
  if (base === null) {
    throw new AppError({
      code: 'bad-input',
      message:
        form === 'xor'
          ? t('This folder holds files that were XORed with those of a base model.')
          : t('This folder holds a difference to a base model.'),
      hint: t(
        'Choose its base too: the folder of the LLaMA model that the release names, in Hugging Face’s layout.',
      ),
    });
  }
  if ((await stat(base).catch(() => null))?.isFile()) {
    throw new AppError({
      code: 'model-unsupported',
      message:
        form === 'xor'
          ? t('XOR files can only be undone with the very files that they were made from.')
          : t('This release brings no description and no tokenizer, which are taken from the base.'),
      hint: t('Choose the folder of the base model in Hugging Face’s layout, not a GGUF file.'),
    });
  }
  return openFolder(base);
}

/** @param payload the files that were XORed, whose partners the base must have */
async function checkComplete(folder: ModelFolder, payload: ModelFolder | null = null): Promise<void> {
  const { files } = await weightFiles(folder);
  const missing = files.filter((file) => !folder.files.has(file));
  if (!tokenizerFiles.some((file) => folder.files.has(file))) missing.push(tokenizerFiles[0]);
  if (missing.length === 0) return;
  const inBase = missing.filter((file) => payload?.files.has(file));
  if (inBase.length === 0) throw missingFiles(missing);
  throw new AppError({
    code: 'not-found',
    message: t('The base lacks {files}, which the XOR files need.', { files: inBase.join(', ') }),
    hint: t('The base must be split into files exactly as the release describes.'),
  });
}
