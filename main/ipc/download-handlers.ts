/** Owns what main does for each request about downloads. */
import { shell } from 'electron';
import type { Channel } from '../../preload/contract/index.js';
import type { Rooms } from './handlers.js';
import type { Handlers } from './router.js';

export function downloadHandlers({ downloads }: Rooms): Handlers<Extract<Channel, `downloads.${string}`>> {
  return {
    'downloads.list': () => downloads.list(),
    'downloads.start': (request) => downloads.start(request),
    'downloads.pause': ({ id }) => downloads.pause(id),
    'downloads.resume': ({ id }) => downloads.resume(id),
    'downloads.cancel': ({ id }) => downloads.cancel(id),
    'downloads.restore': ({ id }) => downloads.restore(id),
    'downloads.move': ({ id, by }) => downloads.move(id, by),
    'downloads.clearFinished': () => downloads.clearFinished(),
    'downloads.openFolder': async () => void (await shell.openPath(downloads.folder)),
  };
}
