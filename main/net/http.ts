/** Owns every HTTP request of the app, each through the gate: redirects, timeouts, whom a token is told; never what is asked for. */
import { t } from '../../preload/contract/language.js';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import { networkError, plain, StatusError } from './errors.js';
import type { Gate, Reason } from './gate.js';
import { parseRetryAfterMs, rangeHeader, type ByteRange } from './headers.js';
import { OpenRequests } from './open-requests.js';
import { recording } from './recording.js';

/** A secret, and the only origin that is told it. */
export type Credential = { readonly origin: string; readonly token: string };

export type Timeouts = {
  /** Until a connection stands. */
  readonly connectMs: number;
  /** Until the answer begins, and between two pieces of it. */
  readonly stallMs: number;
};

export type HttpOptions = Reason & {
  readonly method?: 'GET' | 'HEAD';
  /** Sent as JSON, by POST. It goes to this origin alone, wherever a redirect leads. */
  readonly json?: unknown;
  /** For an answer that takes its time: until it begins, and between two pieces of it. */
  readonly patience?: { readonly firstByteMs: number; readonly stallMs: number };
  readonly range?: ByteRange;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credential?: Credential | null;
  readonly signal?: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  /** Where the answer came from in the end. */
  readonly url: URL;
  header(name: string): string | null;
  /** Must be read or destroyed. */
  readonly body: Readable;
  /** What went wrong in the middle of the body, as an AppError: `network-failed` or `cancelled`. */
  failure(thrown: unknown): AppError;
};

/** Loaded by the first request: a start needs none. */
const undici = () => import('undici');

const usualTimeouts: Timeouts = { connectMs: 15_000, stallMs: 30_000 };
const maxRedirects = 10;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const jsonLimitBytes = 64 * 1024 * 1024;

export class Http {
  readonly #gate: Gate;
  readonly #timeouts: Timeouts;
  /** By the proxy's address; null connects directly. */
  readonly #dispatchers = new Map<string | null, Dispatcher>();
  readonly #requests = new OpenRequests();
  /** Of what is open now, or about to be. */
  #open = new AbortController();

  constructor(gate: Gate, timeouts: Timeouts = usualTimeouts) {
    this.#gate = gate;
    this.#timeouts = timeouts;
  }

  /**
   * Opens a URL and follows its redirects. The answer may have any other status.
   * @throws AppError `bad-input` for an address that is not of the web, `offline`, `network-failed`, `cancelled`
   */
  async open(address: string, options: HttpOptions): Promise<HttpAnswer> {
    let url = parseWebAddress(address);
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const answer = await this.#ask(url, options);
      const location = redirects.has(answer.status) ? answer.header('location') : null;
      if (location === null) return answer;
      // A redirect's own text says nothing.
      answer.body.on('error', () => undefined).destroy();
      const next = follow(url, location);
      if (options.json !== undefined) refuseToCarry(url, next, answer.status);
      url = next;
    }
    throw new AppError({
      code: 'network-failed',
      message: t('{host} redirects in a circle.', { host: url.host }),
      hint: t('Check the link.'),
      details: plain(url),
    });
  }

  /** As `open`. @throws StatusError for any status but 2xx */
  async openOk(address: string, options: HttpOptions): Promise<HttpAnswer> {
    const answer = await this.open(address, options);
    if (answer.status >= 200 && answer.status < 300) return answer;
    answer.body.on('error', () => undefined).destroy();
    throw statusError(answer);
  }

  /** The JSON of an answer. @throws as `openOk`; AppError `server-refused` when it is not what was expected */
  async json<T>(address: string, schema: z.ZodType<T>, options: HttpOptions): Promise<T> {
    const answer = await this.openOk(address, options);
    const text = (await readAll(answer, jsonLimitBytes)).toString();
    try {
      return schema.parse(JSON.parse(text));
    } catch (thrown) {
      throw new AppError(
        {
          code: 'server-refused',
          message: t('{host} answered something that Altiplano does not understand.', {
            host: answer.url.host,
          }),
          details: `${plain(answer.url)}: ${String(thrown)}`,
        },
        { cause: thrown },
      );
    }
  }

  /**
   * The machine slept: connections of before are not used again, since most servers have left them, and what is open
   * is given up when it stays silent for the usual time, however patient it was before.
   */
  woke(): void {
    // What is open there goes on.
    for (const dispatcher of this.#dispatchers.values()) void dispatcher.close();
    this.#dispatchers.clear();
    this.#requests.woke(this.#timeouts.stallMs);
  }

  /** Ends all connections; what is open fails with the error. */
  async close(error: AppError = new AppError({ code: 'cancelled', message: t('Stopped.') })): Promise<void> {
    this.#open.abort(error);
    this.#open = new AbortController();
    this.#requests.breakOff(error);
    const open = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(open.map((dispatcher) => dispatcher.destroy(error)));
  }

  async #ask(url: URL, options: HttpOptions): Promise<HttpAnswer> {
    const { method = 'GET', json, patience, range, headers, credential, signal } = options;
    try {
      const { signal: open } = this.#open;
      const { request } = await undici();
      const dispatcher = await this.#dispatcher(await this.#gate.wayTo(url));
      open.throwIfAborted();
      const answer = await request(url, {
        method: json === undefined ? method : 'POST',
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        dispatcher: dispatcher.compose(
          this.#requests.watching(url),
          recording(url, options, this.#gate.note, signal),
        ),
        headersTimeout: patience?.firstByteMs ?? this.#timeouts.stallMs,
        bodyTimeout: patience?.stallMs ?? this.#timeouts.stallMs,
        headers: {
          'user-agent': 'Altiplano',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
          ...(range === undefined ? {} : { range: rangeHeader(range) }),
          ...(credential?.origin === url.origin ? { authorization: `Bearer ${credential.token}` } : {}),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      return {
        status: answer.statusCode,
        url,
        header: (name) => [answer.headers[name]].flat()[0] ?? null,
        body: answer.body,
        failure: (thrown) => networkError(thrown, url, signal),
      };
    } catch (thrown) {
      throw networkError(thrown, url, signal);
    }
  }

  async #dispatcher(proxy: string | null): Promise<Dispatcher> {
    const { Agent, ProxyAgent } = await undici();
    const known = this.#dispatchers.get(proxy);
    if (known !== undefined) return known;
    const connect = { timeout: this.#timeouts.connectMs };
    const made =
      proxy === null
        ? new Agent({ connect })
        : // Only https is tunnelled: many proxies refuse tunnels to other ports.
          new ProxyAgent({ uri: proxy, connect, requestTls: connect, proxyTls: connect, proxyTunnel: false });
    this.#dispatchers.set(proxy, made);
    return made;
  }
}

/** The error of an answer whose status is not a success. */
export function statusError(answer: HttpAnswer): StatusError {
  const retryAfterMs = parseRetryAfterMs(answer.header('retry-after'), Date.now());
  return new StatusError(answer.url, answer.status, retryAfterMs);
}

/** The whole body. @throws AppError `server-refused` when it is longer than `limitBytes`, else `network-failed` or `cancelled` */
export async function readAll(answer: HttpAnswer, limitBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > limitBytes)
        throw new AppError({
          code: 'server-refused',
          message: t('{host} sent more than was asked for.', { host: answer.url.host }),
          details: plain(answer.url),
        });
      pieces.push(piece);
    }
  } catch (thrown) {
    throw answer.failure(thrown);
  }
  return Buffer.concat(pieces);
}

/** @throws AppError `bad-input` for anything but http and https */
function parseWebAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new AppError({
    code: 'bad-input',
    message: t('This is not the address of a file on the web.'),
    hint: t('It starts with https:// or http://.'),
    details: address.slice(0, 200),
  });
}

function follow(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const safe = to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:');
  if (to !== null && safe) return to;
  throw new AppError({
    code: 'network-failed',
    message: t('{host} redirects to an address that is not safe.', { host: from.host }),
    details: location.slice(0, 200),
  });
}

/** What is sent was meant for one server: no other one is given it, and none gets it by a way that leaves it out. */
function refuseToCarry(from: URL, to: URL, status: number): void {
  if (to.origin === from.origin && (status === 307 || status === 308)) return;
  throw new AppError({
    code: 'server-refused',
    message: t('{host} says that it is to be found at {place}, and nothing was sent there.', {
      host: from.host,
      place: `${to.host}${to.pathname}`,
    }),
    hint: t('Use that address if you trust it.'),
    details: `${status} from ${plain(from)}`,
  });
}
