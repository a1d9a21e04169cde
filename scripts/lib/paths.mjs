/** Owns where the set-up keeps things: the project, the data folder and its cache; creates nothing. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = fileURLToPath(new URL('../..', import.meta.url));
export const inProject = (...parts) => join(project, ...parts);

/** The data folder, as main/app/paths.ts names it: `ALTIPLANO_HOME`, else the platform's place for it. */
function home() {
  if (process.env.ALTIPLANO_HOME) return process.env.ALTIPLANO_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Altiplano');
  if (process.platform === 'win32') return join(process.env.APPDATA ?? homedir(), 'Altiplano');
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Altiplano');
}

/** Runtimes and builds that outlive node_modules. */
export const cache = (...parts) => join(home(), 'cache', ...parts);
export const models = (...parts) => join(home(), 'models', ...parts);
