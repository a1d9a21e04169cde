/** Owns what a server's refusals are called: its status and its own words become an AppError; never what is done about them. */
import { AppError } from '../../preload/contract/errors.js';

/** An answer that is no success, or an error in the middle of one. */
export class ServerRefusal extends AppError {
  /** Null for one in the middle of an answer. */
  readonly status: number | null;
  /** What the server asked to wait before the next try; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(host: string, status: number | null, said: string, retryAfterMs: number | null = null) {
    const { what, hint } = wording(status, said);
    const words = said === '' ? '' : ` It says: ${said}`;
    super({ code: 'server-refused', message: `${host} ${what}.${words}`, hint });
    this.name = 'ServerRefusal';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const connections = 'Models, Connections';

function wording(status: number | null, said: string): { what: string; hint: string } {
  const tooLong = /context.{0,40}(length|size|window)|too (long|large)|exceed/i.test(said);
  if (status === 401 || status === 403)
    return {
      what: `does not let you in (${status})`,
      hint: `Check the key of this connection under ${connections}.`,
    };
  if (status === 404)
    return {
      what: 'does not have this (404)',
      hint: `Its models or its address may have changed: test the connection under ${connections}.`,
    };
  if (status === 429) return { what: 'gets too many requests (429)', hint: 'Wait a little, then try again.' };
  if (tooLong)
    return {
      what: `can’t take this${status === null ? '' : ` (${status})`}`,
      hint: 'Its context may be smaller than it was said to be: shorten the message, or leave earlier turns out.',
    };
  if (status !== null && status >= 500)
    return {
      what: `has trouble (${status})`,
      hint: 'Its model may still be loading. Try again in a moment.',
    };
  return {
    what: status === null ? 'broke the reply off' : `refused this (${status})`,
    hint: 'What was written is kept.',
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
