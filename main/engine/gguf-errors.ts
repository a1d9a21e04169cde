/** Owns what is said of files that are no usable GGUF model. */
import { AppError } from '../../preload/contract/errors.js';

/** @param reason the end of a sentence */
export function notGguf(
  reason: string,
  hint = 'Choose a .gguf file. If it was downloaded, download it again.',
): AppError {
  return new AppError({
    code: 'model-not-gguf',
    message: `This file is not a usable GGUF model: ${reason}.`,
    hint,
  });
}

export function truncated(expectedBytes: number, actualBytes: number): AppError {
  const count = (bytes: number) => bytes.toLocaleString('en-US');
  return new AppError({
    code: 'model-truncated',
    message: `This model file is incomplete: it has ${count(actualBytes)} of at least ${count(expectedBytes)} bytes.`,
    hint: 'Download it again.',
  });
}
