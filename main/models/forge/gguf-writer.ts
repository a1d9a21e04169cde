/** Owns writing a GGUF file piece by piece: a name of its own until all of it is on the disk, never more than a piece in memory. */
import { t } from '../../../preload/contract/language.js';
import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../../preload/contract/errors.js';
import { ggufHeader, padding, tensorSizeBytes, type Metadata, type TensorInfo } from './gguf-header.js';

/** A tensor and where its data comes from, in order and in pieces of any size. */
export type TensorSource = TensorInfo & { readonly data: () => AsyncIterable<Uint8Array> };

export type WriteOptions = {
  readonly signal: AbortSignal;
  /** @param done bytes of tensors that are written, of how many */
  readonly onProgress: (done: number, total: number) => void;
  /** Looks at the whole file before it has its name; what it throws removes the file. */
  readonly check?: (path: string) => Promise<void>;
};

/** What an unfinished file is called; it is never taken for a model. */
export const unfinishedName = (path: string): string => `${path}.forging`;

/**
 * Writes a file; it has its name when all of it is on the disk. A file that has the name already is replaced then.
 * @throws AppError cancelled, what the file system throws, Error when a tensor's data has another size than its description; whatever is
 *   thrown, nothing unfinished is left
 */
export async function writeGguf(
  path: string,
  metadata: Metadata,
  tensors: readonly TensorSource[],
  { signal, onProgress, check }: WriteOptions,
): Promise<void> {
  const total = tensors.reduce((sum, tensor) => sum + tensorSizeBytes(tensor), 0);
  const temporary = unfinishedName(path);
  let done = 0;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(ggufHeader(metadata, tensors));
      for (const tensor of tensors) {
        const size = tensorSizeBytes(tensor);
        let written = 0;
        for await (const piece of tensor.data()) {
          if (signal.aborted) throw forgeCancelled();
          written += piece.length;
          if (written > size) break;
          await file.writeFile(piece);
          onProgress(done + written, total);
        }
        if (written !== size) throw new Error(`${tensor.name}: the data is not of ${size} bytes`);
        await file.writeFile(padding(size));
        done += size;
      }
      if (signal.aborted) throw forgeCancelled();
      await file.sync();
    } finally {
      await file.close();
    }
    await check?.(temporary);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

export function forgeCancelled(): AppError {
  return new AppError({ code: 'cancelled', message: t('Stopped. Nothing was changed.') });
}
