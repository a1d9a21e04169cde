/** Owns what is said of a run that was stopped before it began, wherever it waited. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';

export function stoppedBeforeStart(): AppError {
  return new AppError({ code: 'cancelled', message: t('Stopped before the first word.') });
}
