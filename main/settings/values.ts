/** Owns reading settings out of what was saved, and checking changes of them. Pure. */
import type { z } from 'zod';
import { readLevel, withoutIdle } from '../../preload/contract/levels.js';
import { fittingValues } from '../../preload/contract/parameter-values.js';
import { defaultSampling } from '../../preload/contract/parameters.js';
import { settingsSchema, type Settings } from '../../preload/contract/settings.js';

/** The top-level values to change; undefined ones stay as they are. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

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
