/** Owns what is said of files that are no usable GGUF model. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';

/** @param reason the end of a sentence */
export function notGguf(
  reason: string,
  hint = t('Choose a .gguf file. If it was downloaded, download it again.'),
): AppError {
  return new AppError({
    code: 'model-not-gguf',
    message: t('This file is not a usable GGUF model: {reason}.', { reason }),
    hint,
  });
}

export function truncated(expectedBytes: number, actualBytes: number): AppError {
  return new AppError({
    code: 'model-truncated',
    message: t(
      'This model file is incomplete: it has {actual, number} of at least {expected, number} bytes.',
      {
        actual: actualBytes,
        expected: expectedBytes,
      },
    ),
    hint: t('Download it again.'),
  });
}
