/**
 * Owns the files of instruction templates that text-generation-webui reads and writes: YAML with one Jinja template, or,
 * in files of 2023, with the pieces of a turn; never what a template means.
 */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { readParts, writeParts, type TemplateParts } from '../../preload/contract/template-parts.js';
import type { WorkshopForm } from '../../preload/contract/workshop-forms.js';
import { parseYaml, yaml } from '../exchange/yaml.js';
import { partsAsJinja } from './parts-jinja.js';

const jinjaKey = 'instruction_template';

/** @param name of the file, for messages @throws AppError bad-input when it is no such file */
export function readTemplateYaml(name: string, text: string): { form: WorkshopForm; text: string } {
  const document = parseYaml(text);
  if (typeof document === 'string') throw refused(name, document);
  // No alias is followed: a template has no use for one, and a bomb is made of them.
  const record = Object(safely(() => document.toJS({ maxAliasCount: 0 }))) as Record<string, unknown>;
  const field = (key: string) => (typeof record[key] === 'string' ? record[key] : '');
  if (field(jinjaKey) !== '') return { form: 'jinja', text: field(jinjaKey) };
  if (field('turn_template') === '') throw refused(name, t('It has no {key}.', { key: jinjaKey }));
  return {
    form: 'parts',
    text: writeParts(
      oldParts(
        field('turn_template'),
        field('context'),
        field('user'),
        field('bot'),
        field('system_message'),
      ),
    ),
  };
}

/** The file that text-generation-webui reads. */
export function writeTemplateYaml(form: WorkshopForm, text: string): string {
  const parts = form === 'parts' ? readParts(text) : null;
  const jinja = parts === null || typeof parts === 'string' ? text : partsAsJinja(parts);
  return yaml().stringify(
    { [jinjaKey]: jinja },
    { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: 'literal' },
  );
}

/** `<|user|>`, `<|user-message|>`, `<|bot|>` and `<|bot-message|>` stand for heads and texts in files of 2023. */
function oldParts(turn: string, context: string, user: string, bot: string, system: string): TemplateParts {
  const [asked = '', answered = ''] = turn.split('<|user-message|>');
  const [between = '', end = ''] = answered.split('<|bot-message|>');
  const at = between.indexOf('<|bot|>');
  const [userSuffix, head] = at < 0 ? [between, ''] : [between.slice(0, at), between.slice(at)];
  const isSet = context.includes('<|system-message|>');
  return {
    defaultSystem: isSet ? system : '',
    system: isSet ? context.replace('<|system-message|>', '{system}') : '',
    ...(isSet ? {} : { noSystem: context }),
    userPrefix: asked.replace('<|user|>', user),
    userSuffix,
    // The space before a reply is the model's to write.
    assistantPrefix: head.replace('<|bot|>', bot).trimEnd(),
    assistantJoin: / *$/.exec(head)![0],
    assistantSuffix: end,
    stop: [],
  };
}

function safely(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return null;
  }
}

function refused(name: string, why: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('“{name}” is no instruction template of text-generation-webui.', { name }),
    hint: t('{why} Nothing was changed.', { why }),
  });
}
