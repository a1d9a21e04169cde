/** Owns what main does for requests about the crash drill: one at a time, which can be stopped. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Room, Rooms } from './handlers.js';

export function drillHandlers({ drill, broadcast }: Rooms): Room<'drill'> {
  let running: AbortController | null = null;
  return {
    'drill.run': async ({ kills }) => {
      if (running !== null) throw new AppError({ code: 'busy', message: t('A drill goes on already.') });
      running = new AbortController();
      const { signal } = running;
      try {
        // Rarely wanted: not part of every start.
        const { crashDrill } = await import('../db/drill.js');
        return await crashDrill(drill, kills, (done) => broadcast('drill.progress', done), signal);
      } finally {
        running = null;
      }
    },
    'drill.stop': () => running?.abort(),
  };
}
