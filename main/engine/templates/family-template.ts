/** Owns the families' templates: the data in resources/templates and how turns are put into it. */
import type { PromptMessage } from '../../../preload/contract/engine.js';
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

/** One family's form, as its authors wrote it for training. `{system}` and `{date}` are filled in. */
export type Family = {
  readonly id: string;
  readonly label: string;
  /** The system prompt when none is set. */
  readonly defaultSystem: string;
  /** Without `{system}` in it there is no place for a system prompt. */
  readonly system: string;
  /** Takes the place of `system` when there is no system text. */
  readonly noSystem?: string;
  readonly userPrefix: string;
  readonly userSuffix: string;
  readonly assistantPrefix: string;
  /** Between the head of a reply and its text, where a prompt ends before it. */
  readonly assistantJoin: string;
  readonly assistantSuffix: string;
  /** Where later user turns begin otherwise than the first. */
  readonly nextUserPrefix?: string;
  /** The family was trained with other default words for a question that has an input after this mark. */
  readonly withInput?: { readonly mark: string; readonly defaultSystem: string };
  /** Texts are trimmed. */
  readonly trim?: boolean;
  readonly stop: readonly string[];
  /** Texts of the template that must be special tokens of the model; all others are plain text. */
  readonly tokens: readonly string[];
};

export const families: readonly Family[] = data;

/** @throws AppError bad-input for an unknown id */
function familyOf(id: string): Family {
  const found = families.find((family) => family.id === id);
  if (found !== undefined) return found;
  throw new AppError({
    code: 'bad-input',
    message: `There is no prompt template named ${id}.`,
    hint: `These are known: ${families.map((family) => family.id).join(', ')}.`,
  });
}

/** @throws AppError bad-input for an unknown id */
export function familyTemplate(id: string): PromptTemplate {
  const family = familyOf(id);
  // Llama 2 writes BOS before each later turn; a reply never contains it.
  const userHead = (family.nextUserPrefix ?? family.userPrefix).replace(/^<s>/, '').trim();
  const stops = [...family.stop, userHead];
  const replyMarks = [leadingMark(family.userSuffix), family.assistantPrefix.trim()];
  return {
    choice: { id, label: family.label },
    stops: distinct(stops),
    userStops: distinct([...stops, ...replyMarks]),
    userHead,
    replyEnd: family.assistantSuffix,
    takesSystem: family.system.includes('{system}'),
    render: (messages) => merge(renderTurns(family, alternating(messages))),
  };
}

function renderTurns(family: Family, messages: readonly PromptMessage[]): Segment[] {
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

function systemText({ defaultSystem, withInput }: Family, messages: readonly PromptMessage[]): string {
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

function renderSystem({ system, noSystem = '', trim }: Family, given: string): Segment[] {
  const text = trim === true ? given.trim() : given;
  const piece = (template: string): Segment => ({
    source: 'template',
    text: template.replace('{date}', today()),
  });
  const [before, after] = system.split('{system}');
  if (text === '' || before === undefined || after === undefined) return [piece(noSystem)];
  return [piece(before), { source: 'system', text }, piece(after)];
}
