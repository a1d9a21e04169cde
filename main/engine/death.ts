/** Owns what the end of the engine process is called, by what it left behind; never what comes of it. */
import { constants } from 'node:os';
import { AppError } from '../../preload/contract/errors.js';
import { t } from '../../preload/contract/language.js';

/**
 * What llama.cpp's backends say of a graphics card that does not work any more: Vulkan's `ErrorDeviceLost`, the
 * `CUDA error` and `ROCm error` at which they abort, Metal's `command buffer 0 failed`.
 */
const gpuLoss = /device ?lost|\b(?:CUDA|ROCm) error\b|\bcommand buffer \d+ failed\b/i;

/** Whether it says that the graphics card was lost: nothing on it answers this process any more. */
export function isGpuLost(thrown: unknown): boolean {
  return thrown instanceof AppError ? thrown.code === 'gpu-lost' : gpuLoss.test(String(thrown));
}

export function gpuLost(details: string): AppError {
  return new AppError({
    code: 'gpu-lost',
    message: t('The graphics card stopped answering, and the engine with it.'),
    hint: t('What was written is kept. Try again; when it happens again, less of the model goes onto it.'),
    details,
  });
}

/**
 * @param exitCode a signal's number where one ended the process
 * @param stderr the last lines that it wrote
 */
export function deathOf(exitCode: number, stderr: readonly string[]): AppError {
  // eslint-disable-next-line altiplano/no-loose-text -- evidence for a report
  const details = [`exit code ${exitCode}`, ...stderr].join('\n');
  if (isGpuLost(details)) return gpuLost(details);
  const message = t('The engine stopped unexpectedly.');
  // Nobody but the system ends a process so that does its work.
  if (exitCode === constants.signals.SIGKILL) {
    return new AppError({
      code: 'engine-killed',
      message,
      hint: t(
        'The system ended it, as it does when memory runs out. What was written is kept. Close other programs, or choose a smaller context or model, then try again.',
      ),
      details,
    });
  }
  return new AppError({
    code: 'engine-died',
    message,
    hint: t(
      'What was written is kept. Try again; if it happens again, choose a smaller context or another model.',
    ),
    details,
  });
}
