/** Owns what the address of a server says: how it is completed, and who could read what is sent there; free of zod, so that the page stays small. */

/**
 * The address of a server as a user writes it: without a scheme it is http in the own network and https elsewhere.
 * @returns without a slash at the end; null for what is no address of the web, or has a password in it
 */
export function readServerAddress(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '' || /\s/.test(trimmed)) return null;
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed);
  const guess = hasScheme ? trimmed : `http://${trimmed}`;
  if (!URL.canParse(guess)) return null;
  const url = new URL(guess);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  if (!hasScheme && !isOwnNetwork(url.hostname)) url.protocol = 'https:';
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Whether others on the way can read what is sent: it is not encrypted and leaves this machine and its network. */
export function isReadableOnTheWay(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !isOwnNetwork(hostname);
}

export function isThisMachine(hostname: string): boolean {
  return (
    /^127(\.\d+){3}$/.test(hostname) ||
    hostname === '[::1]' ||
    hostname === 'localhost' ||
    hostname.endsWith('.localhost')
  );
}

/** Loopback, and what RFC 1918, 3927, 6598, 4193 and 4291 keep out of the internet; names without a dot and of local zones. */
function isOwnNetwork(hostname: string): boolean {
  if (isThisMachine(hostname)) return true;
  const [a = -1, b = -1] = /^\d+(\.\d+){3}$/.test(hostname) ? hostname.split('.').map(Number) : [];
  if (a === 10 || (a === 192 && b === 168) || (a === 169 && b === 254)) return true;
  if ((a === 172 && b >= 16 && b <= 31) || (a === 100 && b >= 64 && b <= 127)) return true;
  if (/^\[f[cd][\da-f]{2}:|^\[fe[89ab][\da-f]:/i.test(hostname)) return true;
  if (hostname.includes(':')) return false;
  return !hostname.includes('.') || /\.(local|lan|internal|home|home\.arpa)$/i.test(hostname);
}
