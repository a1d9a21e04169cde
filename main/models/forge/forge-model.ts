/** Owns making a GGUF file of a chosen folder, from the first check to the final name; leaves nothing behind when it fails. */
import { writeGguf } from './gguf-writer.js';
import { verifyChecksums } from './checksums.js';
import type { WeightType } from './conversion.js';
import { openRecovery, recoveryMetadata, type Recipe } from './recovery.js';

export type ForgeProgress = {
  readonly stage: 'checking' | 'writing';
  readonly done: number;
  readonly total: number;
};

/**
 * @param path the file to make; one of its name is replaced when all of it is there
 * @throws AppError as `openRecovery`, `verifyChecksums`, `convertedTensors` and `writeGguf`
 */
export async function forgeModel(
  recipe: Recipe,
  type: WeightType,
  path: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: ForgeProgress) => void },
): Promise<void> {
  const recovery = await openRecovery(recipe);
  try {
    await verifyChecksums(recovery.folder, recovery.checks, {
      signal,
      onProgress: (done, total) => onProgress({ stage: 'checking', done, total }),
    });
    await writeGguf(path, recoveryMetadata(recovery, type), recovery.tensors(type), {
      signal,
      onProgress: (done, total) => onProgress({ stage: 'writing', done, total }),
    });
  } finally {
    await recovery.close();
  }
}
