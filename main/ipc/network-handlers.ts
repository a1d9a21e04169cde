/** Owns what main does for the page's requests about the network. */
import type { Room, Rooms } from './handlers.js';

export function networkHandlers({ ledger }: Rooms): Room<'network'> {
  return {
    'network.view': (filter) => ledger.view(filter),
    'network.clear': () => ledger.clear(),
  };
}
