/** Owns what failures of the network are called: every one becomes an AppError. */
import { AppError } from '../../preload/contract/errors.js';

/** An answer with a status that is not a success. */
export class StatusError extends AppError {
  readonly status: number;
  /** What the server asked to wait before the next try; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(url: URL, status: number, retryAfterMs: number | null) {
    super({ code: 'server-refused', ...wording(url.host, status), details: `${status} from ${plain(url)}` });
    this.name = 'StatusError';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

function wording(host: string, status: number): { message: string; hint: string } {
  const said = (message: string, hint: string) => ({ message, hint });
  if (status === 401) return said(`${host} wants to know who asks (401).`, 'Check your token.');
  if (status === 403)
    return said(
      `${host} does not allow this (403).`,
      'It may need a token, or terms to be agreed to on its page.',
    );
  if (status === 404 || status === 410)
    return said(`${host} has no such file (${status}).`, 'Check the link.');
  if (status === 407)
    return said('The proxy wants a name and a password (407).', 'Check the proxy’s address.');
  if (status === 429) return said(`${host} gets too many requests (429).`, 'Try again later.');
  if (status >= 500) return said(`${host} has trouble (${status}).`, 'Try again later.');
  return said(`${host} refused this (${status}).`, 'Check the link.');
}

/** Where a signed link leads, without what signs it: that is as good as a password. */
export const plain = (url: URL) => `${url.origin}${url.pathname}`;

const causes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'can’t be found',
  EAI_AGAIN: 'can’t be found: there may be no network',
  ECONNREFUSED: 'does not accept connections',
  ECONNRESET: 'broke the connection',
  UND_ERR_SOCKET: 'broke the connection',
  EPIPE: 'broke the connection',
  ENETUNREACH: 'can’t be reached: there may be no network',
  EHOSTUNREACH: 'can’t be reached',
  ETIMEDOUT: 'does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'does not answer',
  UND_ERR_BODY_TIMEOUT: 'stopped sending',
  UND_ERR_ABORTED: 'is not let through by the proxy',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent less than it promised',
};
const certificateProblem = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/;

/**
 * A failure of a connection as an AppError.
 * @returns `cancelled` when the signal asked for it, `network-failed` for what a connection can do, else `unexpected`
 */
export function networkError(thrown: unknown, url: URL, signal?: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown;
  if (signal?.aborted === true)
    return new AppError({ code: 'cancelled', message: 'Stopped.' }, { cause: thrown });
  const code = codeOf(thrown);
  // No failure of a connection: a mistake of our own must not pass for one.
  if (code === '') return AppError.from(thrown);
  const trusted = !certificateProblem.test(code);
  return new AppError(
    {
      code: 'network-failed',
      message: trusted
        ? `${url.host} ${causes[code] ?? 'can’t be reached'}.`
        : `${url.host} can’t prove that it is who it says.`,
      hint: trusted
        ? 'Check the network and try again.'
        : 'Its certificate is not trusted here. Check the clock of this machine, and the proxy.',
      details: `${code} ${thrown instanceof Error ? thrown.message : String(thrown)} (${plain(url)})`,
    },
    { cause: thrown },
  );
}

/** The code of an error, or of the first one under it that has one. */
function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0]);
  return codeOf(thrown.cause);
}
