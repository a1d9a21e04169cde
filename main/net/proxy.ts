/** Owns which proxy a URL goes through, by the environment and by the system's answer; never connects. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { isThisMachine } from '../../preload/contract/server-address.js';

/** Answers the proxy for a URL as a URL of its own, or null to connect directly. */
export type ProxyFor = (url: URL) => Promise<string | null>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL: HTTPS_PROXY or HTTP_PROXY, else ALL_PROXY, in small letters too.
 * @returns null for this machine and a host of NO_PROXY; undefined when the environment says nothing
 */
export function proxyOfEnvironment(url: URL, environment: Environment): string | null | undefined {
  const value = (name: string) => environment[name.toLowerCase()] || environment[name];
  // No proxy leads back to this machine.
  if (isThisMachine(url.hostname)) return null;
  const proxy = value(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? value('ALL_PROXY');
  if (proxy === undefined || proxy === '') return undefined;
  if (isExempt(url, value('NO_PROXY') ?? '')) return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** NO_PROXY: `*`, or hosts that stand for their subdomains too, with a port or without. */
function isExempt(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== undefined && wantedPort !== port) return false;
      const domain = host.replace(/^\*?\./, '');
      return url.hostname === domain || url.hostname.endsWith(`.${domain}`);
    });
}

const schemes: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
};

/**
 * The first way that the system offers and that we know, of an answer in the form of a PAC file such as
 * `PROXY host:8080; DIRECT`.
 * @throws AppError `network-failed` when it offers only kinds of proxy that we do not know
 */
export function proxyOfSystem(answer: string): string | null {
  const ways = answer
    .split(';')
    .map((way) => way.trim().split(/\s+/))
    .filter(([kind]) => kind !== '');
  for (const [kind = '', address] of ways) {
    if (kind === 'DIRECT') return null;
    const scheme = schemes[kind];
    if (scheme !== undefined && address !== undefined) return `${scheme}://${address}`;
  }
  if (ways.length === 0) return null;
  throw new AppError({
    code: 'network-failed',
    message: t('The system’s proxy is of a kind that Altiplano does not know.'),
    hint: t('Name another one in the environment variable HTTPS_PROXY.'),
    details: answer,
  });
}
