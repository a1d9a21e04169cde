/** Owns what failures of the network are called: every one becomes an AppError. */
import { msg, t, type Message } from '../../preload/contract/language.js';
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
  if (status === 401)
    return said(t('{host} wants to know who asks (401).', { host }), t('Check your token.'));
  if (status === 403)
    return said(
      t('{host} does not allow this (403).', { host }),
      t('It may need a token, or terms to be agreed to on its page.'),
    );
  if (status === 404 || status === 410)
    return said(t('{host} has no such file ({status}).', { host, status }), t('Check the link.'));
  if (status === 407)
    return said(t('The proxy wants a name and a password (407).'), t('Check the proxy’s address.'));
  if (status === 429) return said(t('{host} gets too many requests (429).', { host }), t('Try again later.'));
  if (status >= 500)
    return said(t('{host} has trouble ({status}).', { host, status }), t('Try again later.'));
  return said(t('{host} refused this ({status}).', { host, status }), t('Check the link.'));
}

/** Where a signed link leads, without what signs it: that is as good as a password. */
export const plain = (url: URL) => `${url.origin}${url.pathname}`;

const unreachable = msg('{host} can’t be reached.');
const causes: Readonly<Record<string, Message>> = {
  ENOTFOUND: msg('{host} can’t be found.'),
  EAI_AGAIN: msg('{host} can’t be found: there may be no network.'),
  ECONNREFUSED: msg('{host} does not accept connections.'),
  ECONNRESET: msg('{host} broke the connection.'),
  UND_ERR_SOCKET: msg('{host} broke the connection.'),
  EPIPE: msg('{host} broke the connection.'),
  ENETUNREACH: msg('{host} can’t be reached: there may be no network.'),
  EHOSTUNREACH: unreachable,
  ETIMEDOUT: msg('{host} does not answer.'),
  UND_ERR_CONNECT_TIMEOUT: msg('{host} does not answer.'),
  UND_ERR_HEADERS_TIMEOUT: msg('{host} does not answer.'),
  UND_ERR_BODY_TIMEOUT: msg('{host} stopped sending.'),
  UND_ERR_ABORTED: msg('{host} is not let through by the proxy.'),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: msg('{host} sent less than it promised.'),
};
const certificateProblem = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/;

/** Whether a connection failed because whom it led to could not prove who it is. */
export const isUntrusted = ({ details = '' }: AppError): boolean => certificateProblem.test(details);

/**
 * A failure of a connection as an AppError.
 * @returns `cancelled` when the signal asked for it, `network-failed` for what a connection can do, else `unexpected`
 */
export function networkError(thrown: unknown, url: URL, signal?: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown;
  if (signal?.aborted === true)
    return new AppError({ code: 'cancelled', message: t('Stopped.') }, { cause: thrown });
  const code = codeOf(thrown);
  // No failure of a connection: a mistake of our own must not pass for one.
  if (code === '') return AppError.from(thrown);
  const trusted = !certificateProblem.test(code);
  return new AppError(
    {
      code: 'network-failed',
      message: trusted
        ? t(causes[code] ?? unreachable, { host: url.host })
        : t('{host} can’t prove that it is who it says.', { host: url.host }),
      hint: trusted
        ? t('Check the network and try again.')
        : t('Its certificate is not trusted here. Check the clock of this machine, and the proxy.'),
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
