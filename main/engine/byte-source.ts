/** Owns where the bytes of a model file come from, for those who read parts of it; never what they mean. */
import { t } from '../../preload/contract/language.js';
import { open } from 'node:fs/promises';
import { AppError } from '../../preload/contract/errors.js';

/** A file of which parts can be read. */
export type ByteSource = {
  readonly sizeBytes: number;
  /** Bytes from a position on: at least so many, or more for who reads on, or fewer where the file ends. */
  read(position: number, atLeastBytes: number): Promise<Buffer>;
};

/** Read at a time from a disk. */
const windowBytes = 2 ** 20;

/** @throws AppError model-missing */
export async function openFile(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const file = await open(path, 'r').catch((thrown: unknown) => {
    throw new AppError(
      {
        code: 'model-missing',
        message: t('The model file is not there or can’t be read: {path}', { path }),
        hint: t('Choose another file, or put it back where it was.'),
        details: String(thrown),
      },
      { cause: thrown },
    );
  });
  const { size } = await file.stat();
  return {
    sizeBytes: size,
    read: async (position, atLeastBytes) => {
      const wanted = Math.min(Math.max(atLeastBytes, windowBytes), size - position);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, position);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
