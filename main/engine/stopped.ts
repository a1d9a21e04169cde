/** Owns what is said of a run that was stopped before it began, wherever it waited. */
import { AppError } from '../../preload/contract/errors.js';

export function stoppedBeforeStart(): AppError {
  return new AppError({ code: 'cancelled', message: 'Stopped before the first word.' });
}
