/** Owns where things are on this machine; the only reader of the environment for paths. */
import { join } from 'node:path';
import { app } from 'electron';

/** out/main, where the bundles of the other processes lie beside this one. */
const bundles = import.meta.dirname;

/** Bundled entries and pages. */
export const bundlePaths = {
  engine: join(bundles, 'engine.js'),
  database: join(bundles, 'database.js'),
  maintenance: join(bundles, 'maintenance.js'),
  drill: join(bundles, 'drill.js'),
  search: join(bundles, 'search.js'),
  downloads: join(bundles, 'downloads.js'),
  hashing: join(bundles, 'hashing.js'),
  attaching: join(bundles, 'attaching.js'),
  importing: join(bundles, 'importing.js'),
  exporting: join(bundles, 'exporting.js'),
  backup: join(bundles, 'backup.js'),
  forge: join(bundles, 'forge.js'),
  preload: join(bundles, '..', 'preload', 'index.cjs'),
  page: join(bundles, '..', 'renderer'),
  icon: join(bundles, '..', '..', 'resources', 'icons', 'icon.png'),
};

/** The data folder: settings, database, models, cache. `ALTIPLANO_HOME` moves it. */
export function homeFolder(): string {
  return process.env['ALTIPLANO_HOME'] ?? join(app.getPath('appData'), 'Altiplano');
}

/** Files and folders inside the data folder. */
export function homePaths(home: string) {
  return {
    database: join(home, 'altiplano.db'),
    backups: join(home, 'backups'),
    models: join(home, 'models'),
    logs: join(home, 'logs'),
    drill: join(home, 'cache', 'drill'),
    hubToken: join(home, 'hub-token'),
    connectionKeys: join(home, 'connection-keys'),
    states: join(home, 'cache', 'states'),
    /** Of models that compare: nothing is kept there. */
    arenaStates: join(home, 'cache', 'arena'),
  };
}

/**
 * The engine to start. Tests put a scripted one in its place by `ALTIPLANO_ENGINE`; a packaged app has only its own.
 */
export function engineEntry(): string {
  const other = process.env['ALTIPLANO_ENGINE'];
  return other !== undefined && !app.isPackaged ? other : bundlePaths.engine;
}
