/** Owns released weights from the first look to the finished file: what they are, and writing what they stand for. */
import { t } from '../../../preload/contract/language.js';
import { basename } from 'node:path';
import type { OriginalSource } from '../../../preload/contract/forge.js';
import { verifyChecksums } from './checksums.js';
import { memoryBytes, typeMetadata, type WeightType } from './conversion.js';
import { writeGguf } from './gguf-writer.js';
import { openRecovery, type Recovery } from './recovery.js';
import type { Recipe } from './recipe.js';
import type { TaskContext } from './tasks.js';
import { parametersOf } from './weights.js';

/** What the names of such folders carry besides the model's. */
const around = /[-_.](?:w?diff|delta|xor|hf)(?=[-_.]|$)/gi;
const saysDifference = /[-_.](?:w?diff|delta)(?=[-_.]|$)/i;

/** What the page shows before anything is made. @throws AppError saying what is missing, broken or does not fit */
export async function lookAtOriginal(recipe: Recipe): Promise<OriginalSource> {
  const recovery = await openRecovery(recipe);
  try {
    const { form, config, weights, type, sizeBytes, checks } = recovery;
    const folderName = basename(recipe.path);
    return {
      kind: 'original',
      ...recipe,
      ...{ form, sizeBytes, weights: type, memoryBytes: memoryBytes + weights.heldBytes },
      parameters: parametersOf(weights),
      layers: config.layers,
      vocabulary: config.vocabulary,
      trainedContext: config.context,
      checkedFiles: checks.size,
      name: folderName.replace(around, ''),
      notes:
        form === 'whole' && saysDifference.test(folderName)
          ? [t('The name says that this is only a difference to another model. Choose its base too.')]
          : [],
    };
  } finally {
    await recovery.close();
  }
}

/** @throws AppError as `verifyChecksums`, `Recovery.tensors` and `writeGguf`; nothing unfinished is left then */
export async function writeRecovered(
  recovery: Recovery,
  { path, name, type }: { path: string; name: string; type: WeightType },
  { signal, report }: TaskContext,
): Promise<void> {
  await verifyChecksums(recovery.folder, recovery.checks, {
    signal,
    onProgress: (done, total) => report(t('Checking the files'), done / total),
  });
  const metadata = { 'general.name': name, ...recovery.metadata, ...typeMetadata(type) };
  await writeGguf(path, metadata, recovery.tensors(type), {
    signal,
    onProgress: (done, total) => report('Converting', done / total),
  });
}
