/**
 * Owns what a preset's values mean here: which of them apply, and why others are only kept; free of zod, so that the
 * page stays small. A preset holds what differs from the neutral values, by the names of text-generation-webui.
 */
import { msg, t, type Message } from './language.js';
import { isParameter, sameValue, valueProblem } from './parameter-values.js';
import { parameters, type ParameterName, type Sampling } from './parameters.js';

/** Where a shipped preset comes from. */
export const presetGroups = ['now', 'between', 'authors', '2023'] as const;

export type PresetValue = number | string | boolean | readonly string[];
export type PresetValues = Readonly<Record<string, PresetValue>>;

/** A value that stays in the preset, and is written on export, but shapes no reply. */
export type KeptValue = { readonly name: string; readonly value: PresetValue; readonly reason: string };

/** Parameters that presets set: those with a neutral value. */
export const presetParameters = (Object.keys(parameters) as ParameterName[]).filter(
  (name) => 'neutral' in parameters[name],
);

/** What text-generation-webui's presets of some time had, and why it does nothing here. */
const notHere: Readonly<Partial<Record<string, Message>>> = {
  penalty_alpha: msg(
    'Contrastive search needs the model’s hidden states, which llama.cpp does not hand out.',
  ),
  num_beams: msg('Beam search writes several replies at once, which this engine does not.'),
  length_penalty: msg('It belongs to beam search, which this engine does not have.'),
  early_stopping: msg('It belongs to beam search, which this engine does not have.'),
  min_length: msg('This engine does not force a reply to be long; ban_eos_token keeps it from ending.'),
};

const neutralOf = (name: ParameterName): unknown =>
  'neutral' in parameters[name] ? parameters[name].neutral : undefined;

/** Null when the value applies. */
function keptReason(name: string, value: PresetValue): string | null {
  if (!isParameter(name)) return t(notHere[name] ?? msg('This engine knows no parameter of this name.'));
  if (!presetParameters.includes(name)) return t('Presets set samplers only; set this one on the page.');
  return valueProblem(parameters[name], value);
}

export function keptValues(values: PresetValues): KeptValue[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const reason = keptReason(name, value);
    return reason === null ? [] : [{ name, value, reason }];
  });
}

/** Of a preset's values, those that apply. */
export function appliedValues(values: PresetValues): Partial<Sampling> {
  const applied = Object.entries(values).filter(([name, value]) => keptReason(name, value) === null);
  return Object.fromEntries(applied) as Partial<Sampling>;
}

/** Every parameter that presets set, as this one sets it: neutral where it says nothing. */
export function presetSampling(values: PresetValues): Partial<Sampling> {
  const neutral = presetParameters.map((name) => [name, neutralOf(name)]);
  return { ...(Object.fromEntries(neutral) as Partial<Sampling>), ...appliedValues(values) };
}

/** The values of a preset that sets these parameters: only what differs from the neutral ones. */
export function toPresetValues(sampling: Partial<Sampling>): PresetValues {
  const differing = presetParameters.filter(
    (name) => sampling[name] !== undefined && !sameValue(sampling[name], neutralOf(name)),
  );
  return Object.fromEntries(differing.map((name) => [name, sampling[name]!]));
}

/** What of two presets is not the same; a value that one of them leaves neutral is null there. */
export function differingValues(
  one: PresetValues,
  other: PresetValues,
): { readonly name: string; readonly one: PresetValue | null; readonly other: PresetValue | null }[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return names.flatMap((name) => {
    const [here, there] = [one[name] ?? null, other[name] ?? null];
    return sameValue(here, there) ? [] : [{ name, one: here, other: there }];
  });
}
