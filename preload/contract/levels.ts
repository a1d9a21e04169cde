/**
 * Owns which level's value is in force: what is set for everywhere gives way to the model's, and that to the chat's. On
 * each level its preset lies below what is set there by hand. Free of zod, so that the page stays small.
 */
import { fittingValues, sameValue } from './parameter-values.js';
import { defaultSampling, type ParameterName, type Sampling } from './parameters.js';
import { presetSampling, type PresetValues } from './preset-values.js';

/** From the most general to the most particular; the later one wins. */
export const levelNames = ['everywhere', 'model', 'chat'] as const;
export type LevelName = (typeof levelNames)[number];

/** What a level says by itself; null and missing values leave it to the levels below. */
export type Level = {
  readonly presetId: string | null;
  readonly systemPrompt: string | null;
  readonly sampling: Partial<Sampling>;
};

export type Levels = { readonly [L in LevelName]: Level };

export const emptyLevel: Level = { presetId: null, systemPrompt: null, sampling: {} };

/** A level as it was kept: what can't be read of it is not there, the rest is. */
export function readLevel(kept: unknown): Level {
  const { presetId, systemPrompt, sampling } = Object(kept) as Record<string, unknown>;
  return {
    presetId: typeof presetId === 'string' ? presetId : null,
    systemPrompt: typeof systemPrompt === 'string' ? systemPrompt : null,
    sampling: fittingValues(Object(sampling) as Record<string, unknown>),
  };
}

/** Where a value comes from: the app itself, or a level, by its preset or set there by hand. */
export type Origin =
  { readonly level: 'default' } | { readonly level: LevelName; readonly presetId: string | null };

export type InForce = {
  readonly sampling: Sampling;
  readonly origins: { readonly [P in ParameterName]: Origin };
  readonly systemPrompt: string;
  /** Null = none is in force. */
  readonly presetId: string | null;
};

/** @param preset the values of a preset; undefined for one that is gone, which then says nothing */
export function resolve(levels: Levels, preset: (id: string) => PresetValues | undefined): InForce {
  const sampling: Record<string, unknown> = { ...defaultSampling() };
  const origins: Record<string, Origin> = {};
  let systemPrompt = '';
  let inForceId: string | null = null;
  for (const name of Object.keys(sampling)) origins[name] = { level: 'default' };
  for (const level of levelNames) {
    const { presetId, systemPrompt: own, sampling: values } = levels[level];
    const set = (given: Partial<Sampling>, id: string | null) => {
      for (const [name, value] of Object.entries(given)) {
        if (value === undefined) continue;
        sampling[name] = value;
        origins[name] = { level, presetId: id };
      }
    };
    const chosen = presetId === null ? undefined : preset(presetId);
    if (chosen !== undefined) {
      set(presetSampling(chosen), presetId);
      inForceId = presetId;
    }
    set(values, null);
    systemPrompt = own ?? systemPrompt;
  }
  return {
    sampling: sampling as Sampling,
    origins: origins as InForce['origins'],
    systemPrompt,
    presetId: inForceId,
  };
}

/** The levels up to this one; those above it say nothing. */
export function upTo(levels: Levels, last: LevelName): Levels {
  const kept = levelNames.slice(0, levelNames.indexOf(last) + 1);
  const level = (name: LevelName) => (kept.includes(name) ? levels[name] : emptyLevel);
  return { everywhere: level('everywhere'), model: level('model'), chat: level('chat') };
}

/** Of a level's own values, those that are not what holds without them. */
export function withoutIdle(values: Partial<Sampling>, below: Sampling): Partial<Sampling> {
  const own = Object.entries(values).filter(
    ([name, value]) => !sameValue(value, below[name as ParameterName]),
  );
  return Object.fromEntries(own) as Partial<Sampling>;
}
