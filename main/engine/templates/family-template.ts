/** Owns the families' templates: the data in resources/templates and how turns are put into it. */
import { t } from '../../../preload/contract/language.js';
import type { PromptMessage } from '../../../preload/contract/engine.js';
import type { TemplateChoice } from '../../../preload/contract/models.js';
import type { TemplateParts } from '../../../preload/contract/template-parts.js';
import { AppError } from '../../../preload/contract/errors.js';
import data from '../../../resources/templates/templates.json';
import {
  alternating,
  distinct,
  headOfOpen,
  isLeftOpen,
  joined,
  leadingMark,
  merge,
  today,
  trimmedText,
  type PromptTemplate,
  type Segment,
} from './template.js';

/** One family's form, as its authors wrote it for training. */
export type Family = TemplateParts & {
  readonly id: string;
  readonly label: string;
  /** The family was trained with other default words for a question that has an input after this mark. */
  readonly withInput?: { readonly mark: string; readonly defaultSystem: string };
  /** Texts of the template that must be special tokens of the model; all others are plain text. */
  readonly tokens: readonly string[];
};

/** What a conversation is written by. */
type Form = TemplateParts & Pick<Family, 'withInput'>;

export const families: readonly Family[] = data;

/** @throws AppError bad-input for an unknown id */
function familyOf(id: string): Family {
  const found = families.find((family) => family.id === id);
  if (found !== undefined) return found;
  throw new AppError({
    code: 'bad-input',
    message: t('There is no prompt template named {id}.', { id }),
    hint: t('These are known: {templates}.', { templates: families.map((family) => family.id).join(', ') }),
  });
}

/** @throws AppError bad-input for an unknown id */
export function familyTemplate(id: string): PromptTemplate {
  const family = familyOf(id);
  return partsTemplate(family, { id, label: family.label });
}

export function partsTemplate(family: Form, choice: TemplateChoice): PromptTemplate {
  // Llama 2 writes BOS before each later turn; a reply never contains it.
  const userHead = (family.nextUserPrefix ?? family.userPrefix).replace(/^<s>/, '').trim();
  const stops = [...family.stop, userHead];
  const replyMarks = [leadingMark(family.userSuffix), family.assistantPrefix.trim()];
  return {
    choice,
    stops: distinct(stops),
    userStops: distinct([...stops, ...replyMarks]),
    userHead,
    replyEnd: family.assistantSuffix,
    takesSystem: family.system.includes('{system}'),
    render: (messages) => merge(renderTurns(family, alternating(messages))),
  };
}

function renderTurns(family: Form, messages: readonly PromptMessage[]): Segment[] {
  const piece = (text: string): Segment => ({ source: 'template', text });
  const turns = messages.filter(({ role }) => role !== 'system');
  const segments = renderSystem(family, systemText(family, messages));
  turns.forEach((turn, index) => {
    const isLast = index === turns.length - 1;
    const isOpen = isLast && isLeftOpen(turns);
    const text = family.trim === true ? trimmedText(turn.text, isOpen) : turn.text;
    if (turn.role === 'assistant') {
      if (index === 0) segments.push(piece(family.assistantPrefix));
      segments.push(piece(family.assistantJoin), { source: 'assistant', text });
      if (!isLast) segments.push(piece(family.assistantSuffix));
    } else {
      const { userPrefix, nextUserPrefix = userPrefix } = family;
      const head = index === 0 ? userPrefix : nextUserPrefix;
      segments.push(piece(isOpen ? headOfOpen(head, text) : head), { source: 'user', text });
      if (!isOpen) segments.push(piece(family.userSuffix), piece(family.assistantPrefix));
    }
  });
  return segments;
}

function systemText({ defaultSystem, withInput }: Form, messages: readonly PromptMessage[]): string {
  const given = joined(
    messages
      .filter(({ role }) => role === 'system')
      .map(({ text }, index) => ({ source: 'system', text: index === 0 ? text : `\n\n${text}` })),
  );
  if (given !== '') return given;
  const question = messages.find(({ role }) => role === 'user')?.text;
  return withInput !== undefined && question?.includes(withInput.mark) === true
    ? withInput.defaultSystem
    : defaultSystem;
}

function renderSystem({ system, noSystem = '', trim }: Form, given: string): Segment[] {
  const text = trim === true ? given.trim() : given;
  const piece = (template: string): Segment => ({
    source: 'template',
    text: template.replace('{date}', today()),
  });
  const [before, after] = system.split('{system}');
  if (text === '' || before === undefined || after === undefined) return [piece(noSystem)];
  return [piece(before), { source: 'system', text }, piece(after)];
}
