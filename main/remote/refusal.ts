/** Owns what a server's refusals are called: its status and its own words become an AppError; never what is done about them. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';

/** An answer that is no success, or an error in the middle of one. */
export class ServerRefusal extends AppError {
  /** Null for one in the middle of an answer. */
  readonly status: number | null;
  /** What the server asked to wait before the next try; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(host: string, status: number | null, said: string, retryAfterMs: number | null = null) {
    const { problem, hint } = wording(host, status, said);
    const message = said === '' ? problem : `${problem} ${t('It says: {said}', { said })}`;
    super({ code: 'server-refused', message, hint });
    this.name = 'ServerRefusal';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

function wording(host: string, status: number | null, said: string): { problem: string; hint: string } {
  const tooLong = /context.{0,40}(length|size|window)|too (long|large)|exceed/i.test(said);
  if (status === 401 || status === 403)
    return {
      problem: t('{host} does not let you in ({status}).', { host, status }),
      hint: t('Check the key of this connection under Models, Connections.'),
    };
  if (status === 404)
    return {
      problem: t('{host} does not have this (404).', { host }),
      hint: t('Its models or its address may have changed: test the connection under Models, Connections.'),
    };
  if (status === 429)
    return {
      problem: t('{host} gets too many requests (429).', { host }),
      hint: t('Wait a little, then try again.'),
    };
  if (tooLong)
    return {
      problem:
        status === null
          ? t('{host} can’t take this.', { host })
          : t('{host} can’t take this ({status}).', { host, status }),
      hint: t(
        'Its context may be smaller than it was said to be: shorten the message, or leave earlier turns out.',
      ),
    };
  if (status !== null && status >= 500)
    return {
      problem: t('{host} has trouble ({status}).', { host, status }),
      hint: t('Its model may still be loading. Try again in a moment.'),
    };
  return {
    problem:
      status === null
        ? t('{host} broke the reply off.', { host })
        : t('{host} refused this ({status}).', { host, status }),
    hint: t('What was written is kept.'),
  };
}

/** What servers say in the bodies of their errors, in whichever of their forms; '' when they say nothing. */
export function saidIn(body: unknown): string {
  if (typeof body === 'string') return body.length <= 300 ? body.trim() : '';
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail } = body as Record<string, unknown>;
  if (Array.isArray(detail)) return saidIn({ message: (detail[0] as { msg?: unknown } | undefined)?.msg });
  for (const inner of [error, message, detail]) {
    const said = typeof inner === 'string' ? inner.trim() : saidIn(inner);
    if (said !== '') return said.slice(0, 500);
  }
  return '';
}
