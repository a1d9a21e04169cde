/** Owns what main does for requests about comparisons: one thin line each, and the dialog for the leaderboard's file. */
import { t } from '../../preload/contract/language.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { userVoter } from '../../preload/contract/arena-words.js';
import { leaderboardCsv, leaderboardJson } from '../arena/export.js';
import type { Room, Rooms } from './handlers.js';

export function arenaHandlers(rooms: Rooms): Room<'arena'> {
  const { arena, arenaEngines, db, window } = rooms;
  return {
    'arena.plan': ({ contestants }) => arenaEngines.plan(contestants),
    'arena.compare': (request) => arena.compare(request),
    'arena.duel': (request) => arena.duel(request),
    'arena.stop': ({ matchId, position }) => arena.stop(matchId, position),
    'arena.last': ({ kind }) => arena.last(kind),
    'arena.list': ({ limit }) => arena.list(limit),
    'arena.vote': (vote) => arena.vote({ ...vote, voter: userVoter, comment: '' }),
    'arena.delete': ({ matchIds }) => arena.remove(matchIds),
    'arena.keep': ({ matchId, positions }) => arena.keep(matchId, positions),
    'arena.leaderboard': (filter) => db.leaderboard(filter),
    'arena.categories': () => db.matchCategories(),
    'arena.export': async ({ format, ...filter }) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export the leaderboard'),
        defaultPath: join(app.getPath('documents'), `leaderboard.${format}`),
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
      });
      if (canceled || filePath === '') return null;
      const board = await db.leaderboard(filter);
      const text =
        format === 'csv'
          ? leaderboardCsv(board)
          : leaderboardJson(board, await db.votedMatches(filter), filter);
      await writeFile(filePath, text);
      return filePath;
    },
  };
}
