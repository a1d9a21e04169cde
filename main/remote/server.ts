/** Owns requests to one server: what it is told of who asks, how long it is waited for, what its refusals mean. */
import { t } from '../../preload/contract/language.js';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import { parseRetryAfterMs } from '../net/headers.js';
import { readAll, type Credential, type Http, type HttpAnswer } from '../net/http.js';
import { saidIn, ServerRefusal } from './refusal.js';

export type ServerRequest = {
  /** What the user did, in words. */
  readonly cause: string;
  /** Asked with by POST; absent = GET. */
  readonly json?: unknown;
  readonly signal: AbortSignal;
};

/** For a question about the server itself. */
const shortPatience = { firstByteMs: 10_000, stallMs: 10_000 };
/** A long prompt is read, behind those of others, before the first word; TCP notices a server that is gone by itself. */
const longPatience = { firstByteMs: 15 * 60_000, stallMs: 3 * 60_000 };
const answerLimitBytes = 16 * 1024 * 1024;
const refusalLimitBytes = 256 * 1024;

export class RemoteServer {
  readonly #http: Pick<Http, 'open'>;
  readonly #credential: Credential | null;

  constructor(http: Pick<Http, 'open'>, credential: Credential | null) {
    this.#http = http;
    this.#credential = credential;
  }

  /** @throws ServerRefusal; AppError network-failed, offline, cancelled, server-refused for what is no such JSON */
  async ask<T>(url: string, schema: z.ZodType<T>, request: ServerRequest): Promise<T> {
    const answer = await this.#open(url, request, shortPatience);
    return readJson(answer, schema);
  }

  /** The status alone, whatever it is. @throws AppError network-failed, offline, cancelled */
  async statusOf(url: string, request: ServerRequest): Promise<number> {
    const { status, body } = await this.#send(url, request, shortPatience);
    drop(body);
    return status;
  }

  /** An answer that is written while it comes. @throws as `ask` */
  async write(url: string, request: ServerRequest): Promise<HttpAnswer> {
    return this.#open(url, request, longPatience);
  }

  async #open(url: string, request: ServerRequest, patience: typeof shortPatience): Promise<HttpAnswer> {
    const answer = await this.#send(url, request, patience);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const text = await readAll(answer, refusalLimitBytes).then(String, () => '');
    const retryAfterMs = parseRetryAfterMs(answer.header('retry-after'), Date.now());
    throw new ServerRefusal(
      answer.url.host,
      answer.status,
      this.withoutKey(saidIn(tryJson(text))),
      retryAfterMs,
    );
  }

  #send(url: string, request: ServerRequest, patience: typeof shortPatience): Promise<HttpAnswer> {
    const purpose = 'remote engine';
    return this.#http.open(url, { ...request, purpose, patience, credential: this.#credential });
  }

  /** Some servers say the key in their errors. */
  withoutKey(text: string): string {
    const token = this.#credential?.token ?? '';
    return token === '' ? text : text.replaceAll(token, '•••');
  }
}

const drop = (body: Readable) => void body.on('error', () => undefined).destroy();

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trimStart().startsWith('<') ? '' : text;
  }
}

/** @throws AppError server-refused when it is not what was expected */
async function readJson<T>(answer: HttpAnswer, schema: z.ZodType<T>): Promise<T> {
  const text = String(await readAll(answer, answerLimitBytes));
  const parsed = schema.safeParse(tryJson(text));
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: 'server-refused',
    message: t('{host} answers, but not as an OpenAI-compatible server does.', { host: answer.url.host }),
    hint: t('Check the address: it is that of the API, and often ends with a port or with /v1.'),
    details: `${answer.url.origin}${answer.url.pathname}: ${text.slice(0, 200)}`,
  });
}
