/** Owns what main does for the page's requests about the hub and about what fits. */
import type { Channel } from '../../preload/contract/index.js';
import type { Rooms } from './handlers.js';
import type { Handlers } from './router.js';

export function hubHandlers({
  fits,
  hub,
  hubAccount,
}: Rooms): Handlers<Extract<Channel, `${'hub' | 'fit'}.${string}`>> {
  let asking = new AbortController();
  /** Nobody waits for the answer to an earlier question any more. */
  const inPlaceOfOthers = () => {
    asking.abort();
    asking = new AbortController();
    return asking.signal;
  };
  return {
    'fit.lastLoad': () => fits.lastLoad(),
    'hub.find': (search) => hub.find(search, inPlaceOfOthers()),
    'hub.fits': async ({ url, sizesBytes }) => {
      const { shape, weightsBytes } = await hub.sized(url, asking.signal);
      return Promise.all(sizesBytes.map((size) => fits.of({ shape, weightsBytes: size ?? weightsBytes })));
    },
    'hub.account': () => hubAccount.describe(),
    'hub.setEndpoint': ({ endpoint }) => {
      hubAccount.setEndpoint(endpoint);
      return hubAccount.describe();
    },
    'hub.setToken': async ({ token }) => {
      await hubAccount.setToken(token);
      return hubAccount.describe();
    },
  };
}
