/** Owns the shape and the codes of every error that crosses a process border; never wording for one case only. */
import { t } from './language.js';
import { z } from 'zod';

const errorCodes = [
  'bad-input',
  'not-found',
  'busy',
  'cannot-undo',
  'model-missing',
  'model-not-gguf',
  'model-truncated',
  'model-unsupported',
  'model-too-large',
  'context-too-large',
  'model-load-failed',
  'no-model',
  'needs-local-model',
  'prompt-too-long',
  'template-failed',
  'engine-died',
  'engine-killed',
  'gpu-lost',
  'cancelled',
  'offline',
  'network-failed',
  'server-refused',
  'download-damaged',
  'folder-unusable',
  'disk-full',
  'forge-failed',
  'database-newer',
  'database-damaged',
  'unexpected',
] as const;

export const errorSchema = z.object({
  code: z.enum(errorCodes),
  /** What is wrong, in one sentence for the person at the screen. */
  message: z.string(),
  /** What to do next. */
  hint: z.string().optional(),
  /** Technical evidence for a report; never shown first. */
  details: z.string().optional(),
});

export type ErrorCode = (typeof errorCodes)[number];
export type ErrorData = z.infer<typeof errorSchema>;

const full = (): ErrorData => ({
  code: 'disk-full',
  message: t('The disk is full, so this could not be saved.'),
  hint: t('Free some space and try again. Everything saved before is still there.'),
});
const locked = (): ErrorData => ({
  code: 'folder-unusable',
  message: t('A file or folder that is needed can’t be opened or written.'),
  hint: t(
    'Allow Altiplano to use its folder, and see that no other program holds it. Everything saved before is still there.',
  ),
});

/** What the system and SQLite call it when the disk does not take a change. */
const ofTheDisk: Readonly<Partial<Record<string, () => ErrorData>>> = {
  ...{ ENOSPC: full, EDQUOT: full, SQLITE_FULL: full },
  ...{ EROFS: locked, EACCES: locked, EPERM: locked },
  ...{ SQLITE_READONLY: locked, SQLITE_READONLY_DIRECTORY: locked, SQLITE_CANTOPEN: locked },
};

/** An error that knows what to tell the user. `toData` and `AppError.from` carry it over IPC. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: string | undefined;

  constructor(data: ErrorData, options?: ErrorOptions) {
    super(data.message, options);
    this.name = 'AppError';
    this.code = data.code;
    this.hint = data.hint;
    this.details = data.details;
  }

  toData(): ErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** Turns anything thrown into an AppError; what is not one already becomes `unexpected` with its stack as details. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const known = 'code' in error ? ofTheDisk[String(error.code)] : undefined;
    if (known !== undefined) return new AppError({ ...known(), details: error.message }, { cause: error });
    return new AppError(
      {
        code: 'unexpected',
        message: error.message || t('Something went wrong.'),
        ...(error.stack === undefined ? {} : { details: error.stack }),
      },
      { cause: error },
    );
  }
}
