/** Owns settings.json: reads it with defaults, saves changes, never loses a file it can't read. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import { readLevel, withoutIdle } from '../../preload/contract/levels.js';
import { fittingValues } from '../../preload/contract/parameter-values.js';
import { defaultSampling } from '../../preload/contract/parameters.js';
import { settingsSchema, type Settings } from '../../preload/contract/settings.js';

const boundsSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

type Bounds = z.infer<typeof boundsSchema>;

/** The top-level values to change; undefined ones stay as they are. */
type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

export type SettingsStore = {
  get(): Settings;
  /** Merges top-level values and saves. */
  set(values: SettingsChange): Settings;
  windowBounds(): Bounds | null;
  setWindowBounds(bounds: Bounds): void;
  /** What was wrong with the file at start, for the user; null when nothing was. */
  readonly problem: AppError | null;
};

/** Each value that does not fit falls back to its default alone; the good ones stay. */
export function parseSettings(stored: Record<string, unknown>): Settings {
  const values = fitting(settingsSchema.shape, {
    ...stored,
    sampling: fittingValues(record(stored['sampling'])),
    modelLevels: Object.fromEntries(
      Object.entries(record(stored['modelLevels'])).map(([path, level]) => [path, readLevel(level)]),
    ),
  });
  const settings = settingsSchema.parse(values);
  // Earlier versions kept every value; over no preset, one that is the usual says nothing.
  return settings.presetId === null
    ? { ...settings, sampling: withoutIdle(settings.sampling, defaultSampling()) }
    : settings;
}

const record = (value: unknown) => Object(value) as Record<string, unknown>;

function fitting(schemas: Record<string, z.ZodType>, stored: Record<string, unknown>) {
  const values = Object.entries(schemas).map(([name, schema]): [string, unknown] => {
    const result = schema.safeParse(stored[name]);
    return [name, result.success ? result.data : schema.parse(undefined)];
  });
  return Object.fromEntries(values);
}

/** The values to save. Only those that were given: a partial schema would fill the others with their defaults. */
export function parseChange(values: SettingsChange): Record<string, unknown> {
  const schemas: Record<string, z.ZodType> = settingsSchema.shape;
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, schemas[name]!.parse(value)]));
}

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
