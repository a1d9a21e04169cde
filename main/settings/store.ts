/** Owns settings.json: reads it with defaults, saves changes, never loses a file it can't read. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import type { Settings } from '../../preload/contract/settings.js';
import { parseChange, parseSettings, type SettingsChange } from './values.js';

const boundsSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

type Bounds = z.infer<typeof boundsSchema>;

export type SettingsStore = {
  get(): Settings;
  /** Merges top-level values and saves. */
  set(values: SettingsChange): Settings;
  windowBounds(): Bounds | null;
  setWindowBounds(bounds: Bounds): void;
  /** What was wrong with the file at start, for the user; null when nothing was. */
  readonly problem: AppError | null;
};

/** Opens settings.json in `home`. A file that is no JSON is copied aside and replaced by defaults. */
export function openSettings(home: string): SettingsStore {
  const problem = setDamagedFileAside(home);
  const store = new Store<Record<string, unknown>>({ cwd: home, name: 'settings', clearInvalidConfig: true });
  return {
    problem,
    get: () => parseSettings(store.store),
    set(values) {
      store.set(parseChange(values));
      return parseSettings(store.store);
    },
    windowBounds: () => boundsSchema.safeParse(store.get('window')).data ?? null,
    setWindowBounds: (bounds) => store.set('window', bounds),
  };
}

function setDamagedFileAside(home: string): AppError | null {
  const file = join(home, 'settings.json');
  if (!existsSync(file)) return null;
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return null;
  } catch (thrown) {
    const copy = join(home, 'settings.damaged.json');
    copyFileSync(file, copy);
    return new AppError(
      {
        code: 'bad-input',
        message: 'Your settings could not be read, so the defaults are in use.',
        hint: `The old file was kept as ${copy}.`,
      },
      { cause: thrown },
    );
  }
}
