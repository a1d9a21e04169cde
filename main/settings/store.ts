/** Owns settings.json: reads it with defaults, saves changes, never loses a file it can't read. */
import { t } from '../../preload/contract/language.js';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileSync } from 'atomically';
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

/** Opens settings.json in `home`. A file that can't be read is set aside, and the defaults hold. */
export function openSettings(home: string): SettingsStore {
  const file = join(home, 'settings.json');
  const { stored, problem } = read(file);
  let values = stored;
  let settings = parseSettings(values);
  const save = (changes: Record<string, unknown>) => {
    if (Object.keys(changes).length === 0) return;
    const changed = { ...values, ...changes };
    writeFileSync(file, JSON.stringify(changed, null, 2));
    values = changed;
    settings = parseSettings(values);
  };
  return {
    problem,
    get: () => settings,
    set(changes) {
      save(parseChange(changes));
      return settings;
    },
    windowBounds: () => boundsSchema.safeParse(values['window']).data ?? null,
    setWindowBounds: (window) => {
      try {
        save({ window });
      } catch {
        // The window closes all the same, on a full disk too.
      }
    },
  };
}

function read(file: string): { stored: Record<string, unknown>; problem: AppError | null } {
  if (!existsSync(file)) return { stored: {}, problem: null };
  try {
    return {
      stored: z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8'))),
      problem: null,
    };
  } catch (thrown) {
    const aside = join(dirname(file), 'settings.damaged.json');
    try {
      // Needs no room on the disk, as a copy would.
      renameSync(file, aside);
    } catch {
      // Where it can't be moved, it can't be written over either.
    }
    return {
      stored: {},
      problem: new AppError(
        {
          code: 'bad-input',
          message: t('Your settings could not be read, so the defaults are in use.'),
          hint: t('The old file was kept as {file}.', { file: existsSync(aside) ? aside : file }),
        },
        { cause: thrown },
      ),
    };
  }
}
