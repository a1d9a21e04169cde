/** Owns the gate that every request of the app passes: none while offline, and each is noted; opens no connection. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type { OutgoingRequest } from '../../preload/contract/network.js';
import type { RequestPurpose } from '../../preload/contract/request-purposes.js';
import type { ProxyFor } from './proxy.js';

/** Why a request is made: nothing goes out without it. */
export type Reason = {
  readonly purpose: RequestPurpose;
  /** What the user did, in words: `Asked for Vicuna-7B`. */
  readonly cause: string;
};

export type Gate = {
  /** The proxy to go through, or null to connect directly. @throws AppError `offline` */
  readonly wayTo: ProxyFor;
  /** Called when a request begins, while it goes on, and when it has ended; the same `id` each time. */
  note(request: OutgoingRequest): void;
};

/** @param host who would have been asked; null where requests are broken off */
export const offlineError = (host: string | null) =>
  new AppError({
    code: 'offline',
    message:
      host === null
        ? t('Altiplano went offline.')
        : t('Altiplano is offline, so {host} was not asked.', { host }),
    hint: t('Go online, then try again.'),
  });

/** Lets nothing pass while `isOffline`. */
export function makeGate(isOffline: () => boolean, proxyFor: ProxyFor, note: Gate['note']): Gate {
  return {
    wayTo: async (url) => {
      if (isOffline()) throw offlineError(url.host);
      return proxyFor(url);
    },
    note,
  };
}
