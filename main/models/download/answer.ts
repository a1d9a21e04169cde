/** Owns what an answer tells of a file: which bytes it holds, how long the file is, whether it is still the same; pure. */
import { msg, t, type Message } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { RemoteFile } from '../../../preload/contract/downloads.js';
import { parseContentRange, parseLength } from '../../net/headers.js';
import { statusError, type HttpAnswer } from '../../net/http.js';

/** Thrown when the file under the address is another one than before. */
export class FileChanged extends Error {}

export type FoundFile = {
  /** Where the body begins in the file. */
  readonly startByte: number;
  /** Of the whole file; null when the server does not tell. */
  readonly sizeBytes: number | null;
  readonly validator: string | null;
  /** False when a range was asked for and the whole file came. */
  readonly isRange: boolean;
};

/** Reads an answer to a request for bytes of a file. @throws StatusError, FileChanged */
export function readAnswer(answer: HttpAnswer): FoundFile {
  const validator = answer.header('etag') ?? answer.header('last-modified');
  if (answer.status === 200) {
    return {
      startByte: 0,
      sizeBytes: parseLength(answer.header('content-length')),
      validator,
      isRange: false,
    };
  }
  // The file is shorter than what was asked for.
  if (answer.status === 416) throw new FileChanged();
  const range = answer.status === 206 ? parseContentRange(answer.header('content-range')) : null;
  if (range === null) throw statusError(answer);
  return { startByte: range.startByte, sizeBytes: range.sizeBytes, validator, isRange: true };
}

/** Whether what is here is a part of the file that was found. */
export function isSameFile(
  known: { readonly sizeBytes: number | null; readonly validator: string | null },
  found: FoundFile,
): boolean {
  return (
    (known.sizeBytes === found.sizeBytes || found.sizeBytes === null) &&
    (known.validator === found.validator || known.validator === null || found.validator === null)
  );
}

/** A weak tag says only that a file is as good as another, and must not stand in If-Range (RFC 9110, 13.1.5). */
export const ifRange = (validator: string | null): Record<string, string> =>
  validator === null || validator.startsWith('W/') ? {} : { 'if-range': validator };

/** @throws AppError `download-damaged` when the server's file can't be the one that was wanted */
export function checkWanted(file: RemoteFile, found: FoundFile): void {
  if (found.sizeBytes === 0) throw notWanted(file, msg('{file} on the server is empty.'));
  if (file.sizeBytes !== null && found.sizeBytes !== null && file.sizeBytes !== found.sizeBytes) {
    throw notWanted(file, msg('{file} on the server has {found} bytes where {promised} were promised.'), {
      found: found.sizeBytes,
      promised: file.sizeBytes,
    });
  }
}

/** @param problem what is wrong with `{file}` */
export function notWanted(
  file: RemoteFile,
  problem: Message,
  values: Readonly<Record<string, number>> = {},
): AppError {
  return new AppError({
    code: 'download-damaged',
    message: t(problem, { file: file.fileName, ...values }),
    hint: t('It may have been replaced there. Look at its page, and choose it anew.'),
    details: file.url.split('?')[0] ?? '',
  });
}
