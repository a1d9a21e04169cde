/** Owns what main does for the page's requests about the local API. */
import type { Room, Rooms } from './handlers.js';

export function apiHandlers({ api }: Rooms): Room<'api'> {
  return {
    'api.state': () => api.state,
    'api.set': (change) => api.set(change),
    'api.newKey': () => ({ key: api.newKey() }),
    'api.log': () => [...api.log],
  };
}
