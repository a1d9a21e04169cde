/** Owns what main does for the page's searches. */
import type { Room, Rooms } from './handlers.js';

export function searchHandlers({ search }: Rooms): Room<'search'> {
  return { 'search.find': (request) => search.find(request) };
}
