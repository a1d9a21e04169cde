/** Owns who may ask the API: which hosts, which pages and which keys; answers nothing itself. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { ApiError } from './api-error.js';

export type Door = {
  /** Whether other machines may ask. */
  readonly lan: boolean;
  /** Name of this machine in its network. */
  readonly hostName: string;
  /** SHA-256 of the key, in hex. */
  readonly keyHash: string;
};

export type Knock = {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
};

const own = new Set(['localhost', '127.0.0.1', '[::1]']);

export const newKey = (): string => `alti-${randomBytes(24).toString('base64url')}`;
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/**
 * Refuses web pages, and names that somebody else's name server made point here: a page can neither hide its origin nor
 * ask by a number. @throws ApiError 403
 */
export function checkSender({ host, origin }: Knock, { lan, hostName }: Door): void {
  if (origin !== undefined) throw new ApiError(403, 'Web pages may not use this API.');
  const name = hostNameOf(host);
  const isOwn = name !== null && own.has(name);
  const isOurs =
    lan && name !== null && (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === hostName.toLowerCase());
  if (!isOwn && !isOurs) {
    throw new ApiError(
      403,
      'This name of the machine is not known here. Ask by its number, such as 127.0.0.1.',
    );
  }
}

/** @throws ApiError 401 */
export function checkKey({ authorization, apiKey }: Knock, { keyHash }: Door): void {
  const key = apiKey ?? /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) {
    throw new ApiError(401, 'A key is needed: “Authorization: Bearer KEY”, or “x-api-key: KEY”.');
  }
  const [given, wanted] = [hashOfKey(key.trim()), keyHash].map((hex) => Buffer.from(hex, 'hex'));
  if (given!.length !== wanted!.length || !timingSafeEqual(given!, wanted!)) {
    throw new ApiError(401, 'This key is not the one of this API. Altiplano’s settings make a new one.');
  }
}

function hostNameOf(host: string | undefined): string | null {
  if (host === undefined) return null;
  try {
    const url = new URL(`http://${host}`);
    return url.username === '' && url.pathname === '/' ? url.hostname.toLowerCase() : null;
  } catch {
    return null;
  }
}
