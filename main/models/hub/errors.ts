/** Owns what the hub's refusals mean, and what to do about each; the network's own failures are named in main/net. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { statusError, type HttpAnswer } from '../../net/http.js';

/**
 * An answer of the hub that is no success, as what it means.
 * @param what the repository or file that was asked for; null for a search
 */
export function hubError(answer: HttpAnswer, what: string | null, hasToken: boolean): AppError {
  const general = statusError(answer);
  const told = (message: string, hint: string) =>
    new AppError({ ...general.toData(), message, hint }, { cause: general });
  const code = answer.header('x-error-code');
  const { status } = answer;
  if (what !== null && (code === 'GatedRepo' || (status === 403 && code === null))) {
    return told(
      t('{name} is given only to accounts that agreed to its terms.', { name: what }),
      hasToken
        ? t('Open its page, sign in with the account of your token and agree to the terms, then try again.')
        : t(
            'Open its page and agree to the terms, then put a token of that account into the hub’s settings below.',
          ),
    );
  }
  if (status === 401 && hasToken && code !== 'RepoNotFound') {
    return told(
      t('The hub does not know your token.'),
      t('Make a new one on the hub, and put it into the hub’s settings below.'),
    );
  }
  if (what !== null && (status === 401 || code === 'RepoNotFound')) {
    return told(
      t('The hub has no repository {name}, or it is private.', { name: what }),
      hasToken
        ? t('Check the name, and whether the account of your token may see it.')
        : t('Check the name. A private one needs a token in the hub’s settings below.'),
    );
  }
  if (what !== null && status === 404) {
    return told(
      code === 'RevisionNotFound'
        ? t('{name} has no such revision.', { name: what })
        : t('The hub has no {name}.', { name: what }),
      t('Check the name, or search for it.'),
    );
  }
  if (status === 429) {
    const seconds = waitSeconds(answer);
    return told(
      t('The hub got too many requests from here (429).'),
      seconds === null
        ? t('Try again in a few minutes.')
        : t('Try again in {seconds, plural, one {# second} other {# seconds}}.', { seconds }),
    );
  }
  return general;
}

/** Of `RateLimit: "api";r=0;t=42` or `Retry-After`. */
function waitSeconds(answer: HttpAnswer): number | null {
  const text = /\bt=(\d+)/.exec(answer.header('ratelimit') ?? '')?.[1] ?? answer.header('retry-after');
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
