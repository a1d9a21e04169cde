/** Owns what the programs without a window share: how they end, and what of their options is read alike. */
import { AppError } from '../../preload/contract/errors.js';

/** Something wrong with how a program was called. */
export class UsageError extends Error {}

/** Runs a program; what goes wrong is told on standard error: exit code 2 with the usage for a wrong call, else 1. */
export async function runProgram(usage: string, program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (thrown) {
    if (thrown instanceof UsageError || isParseError(thrown)) {
      process.stderr.write(`${thrown.message}\n\n${usage}`);
      process.exitCode = 2;
    } else {
      const { message, hint, details } = AppError.from(thrown);
      process.stderr.write([message, hint, details].filter((part) => part !== undefined).join('\n') + '\n');
      process.exitCode = 1;
    }
  }
}

/** @param named by `--model` @throws UsageError */
export function modelPath(named: string | undefined): string {
  const path = named ?? process.env['ALTIPLANO_STARTER_MODEL'];
  // eslint-disable-next-line altiplano/no-loose-text -- of a program for developers
  if (path === undefined || path === '') throw new UsageError('Name a model with --model FILE.');
  return path;
}

function isParseError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
}
