/** Owns the files that grammars and templates are exchanged in: GBNF as `.gbnf`, JSON schemas as `.json`, templates as text-generation-webui's YAML or plain Jinja; never where they lie. */
import { msg, t, type Message } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { shelfOf, type Shelf, type WorkshopForm } from '../../preload/contract/workshop-forms.js';
import { mostWorkshopCharacters, type WorkshopItem } from '../../preload/contract/workshop.js';
import { readTemplateYaml, writeTemplateYaml } from './template-yaml.js';

/** Endings of the files that are read, those that are written first. */
export const fileKinds: {
  readonly [S in Shelf]: { readonly name: Message; readonly extensions: readonly string[] };
} = {
  grammar: { name: msg('Grammars and JSON schemas'), extensions: ['gbnf', 'json', 'txt'] },
  template: { name: msg('Prompt templates'), extensions: ['yaml', 'yml', 'jinja', 'j2', 'txt'] },
};

export type ReadFile = { readonly form: WorkshopForm; readonly text: string };

/**
 * @param name of the file without its ending, for messages
 * @throws AppError bad-input when it is too large, or no text
 */
export function readWorkshopFile(
  shelf: Shelf,
  { name, extension, bytes }: { readonly name: string; readonly extension: string; readonly bytes: Buffer },
): ReadFile {
  if (bytes.length > mostWorkshopCharacters) throw tooLarge(name);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.includes('\0') || text.includes('\uFFFD')) throw refused(name, t('It is no text.'));
  if (shelf === 'grammar') return { form: extension === '.json' ? 'json-schema' : 'gbnf', text };
  return /^\.ya?ml$/.test(extension) ? readTemplateYaml(name, text) : { form: 'jinja', text };
}

/** The file for one: its ending, and what stands in it. */
export function writeWorkshopFile({ form, text }: Pick<WorkshopItem, 'form' | 'text'>): {
  readonly extension: string;
  readonly text: string;
} {
  if (shelfOf[form] === 'template') return { extension: 'yaml', text: writeTemplateYaml(form, text) };
  return { extension: form === 'json-schema' ? 'json' : 'gbnf', text };
}

export function tooLarge(name: string): AppError {
  return refused(name, t('It is larger than any that is in use.'));
}

function refused(name: string, why: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('“{name}” can’t be imported.', { name }),
    hint: t('{why} Nothing was changed.', { why }),
  });
}
