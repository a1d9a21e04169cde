/** Owns what main does for the page's requests about the hub and about what fits. */
import type { Channel } from '../../preload/contract/index.js';
import type { Rooms } from './handlers.js';
import type { Handlers } from './router.js';

export function hubHandlers({ fits }: Rooms): Handlers<Extract<Channel, `fit.${string}`>> {
  return {
    'fit.lastLoad': () => fits.lastLoad(),
  };
}
