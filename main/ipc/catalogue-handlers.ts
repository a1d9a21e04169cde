/** Owns what main does for the page's requests on the catalogue. */
import type { Room, Rooms } from './handlers.js';

export function catalogueHandlers({ catalogue, downloads }: Rooms): Room<'catalogue'> {
  return {
    'catalogue.list': () => catalogue.list(),
    'catalogue.download': async ({ repository, fileName }) =>
      void (await downloads.start(await catalogue.download(repository, fileName))),
  };
}
