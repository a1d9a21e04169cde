/**
 * Owns the files of presets that text-generation-webui reads and writes: YAML with the values that differ from neutral,
 * one mapping of names to numbers, switches, texts or lists of texts; never what a value means.
 */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { isParameter, sameValue } from '../../preload/contract/parameter-values.js';
import { parameters } from '../../preload/contract/parameters.js';
import type { PresetValue, PresetValues } from '../../preload/contract/preset-values.js';
import { presetValueName, presetValueSchema } from '../../preload/contract/presets.js';
import { parseYaml, yaml } from '../exchange/yaml.js';

/** The largest preset known has less than 1,000 bytes. */
export const mostPresetBytes = 64 * 1024;
const mostValues = 200;

export type ReadPreset = {
  readonly values: PresetValues;
  /** A sentence for each value that could not be taken. */
  readonly problems: readonly string[];
};

/**
 * Reads such a file. Values that this engine does not know are taken too: they are kept. What is of no kind that a preset
 * can hold is told, never dropped in silence.
 * @param name of the file, for messages
 * @throws AppError bad-input when it is no such file
 */
export function readPresetYaml(name: string, text: string): ReadPreset {
  if (Buffer.byteLength(text) > mostPresetBytes) throw tooLarge(name);
  const document = parseYaml(text);
  if (typeof document === 'string') throw refused(name, document);
  const { isMap, isScalar } = yaml();
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { values: {}, problems: [] };
  if (!isMap(contents)) throw refused(name, t('It is no list of names with values.'));
  if (contents.items.length > mostValues)
    throw refused(name, t('It has more than {most} values.', { most: mostValues }));
  const values: [string, PresetValue][] = [];
  const problems: string[] = [];
  for (const { key, value } of contents.items) {
    const parameter = isScalar(key) ? String(key.value) : '';
    // No alias is followed: a preset has no use for one, and a bomb is made of them.
    const read = presetValueSchema.safeParse(plainValue(value));
    if (!presetValueName.test(parameter))
      problems.push(t('{name}: this is no parameter’s name.', { name: String(key).slice(0, 40) }));
    else if (!read.success)
      problems.push(t('{parameter}: this is no number, switch, text or list of texts.', { parameter }));
    else if (!isNeutral(parameter, read.data)) values.push([parameter, read.data]);
  }
  return { values: Object.fromEntries(values), problems };
}

function plainValue(node: unknown): unknown {
  const { isMap, isScalar } = yaml();
  if (isScalar(node)) return node.value;
  if (typeof node !== 'object' || node === null || !('items' in node) || isMap(node)) return undefined;
  return (node.items as readonly unknown[]).map((item) => (isScalar(item) ? item.value : undefined));
}

function isNeutral(name: string, value: unknown): boolean {
  if (!isParameter(name)) return false;
  const parameter = parameters[name];
  return 'neutral' in parameter && sameValue(parameter.neutral, value);
}

/** The file that text-generation-webui reads. */
export function writePresetYaml(values: PresetValues): string {
  return Object.keys(values).length === 0 ? '' : yaml().stringify(values, { lineWidth: 0 });
}

export function tooLarge(name: string): AppError {
  return refused(
    name,
    t('It is larger than {size} KiB, which no preset is.', {
      size: mostPresetBytes / 1024,
    }),
  );
}

function refused(name: string, why: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('“{name}” is no preset of text-generation-webui.', { name }),
    hint: t('{why} Nothing was changed.', { why }),
  });
}
