/**
 * Owns prompts in which the turns are lines with names, `Name: text`, as text-generation-webui's modes `chat` and
 * `chat-instruct` have them: alone, or inside one instruction. Never writes a mark: names are people's words.
 */
import { t } from '../../../preload/contract/language.js';
import type { ChatPrompt, Prompt, PromptMessage } from '../../../preload/contract/engine.js';
import { takingGreetings } from './greeting.js';
import {
  alternating,
  distinct,
  isLeftOpen,
  joined,
  merge,
  trimmedText,
  type PromptTemplate,
  type Segment,
} from './template.js';

type Dialogue = NonNullable<ChatPrompt['dialogue']>;

/** The template that a prompt asks for. @param own the model's */
export function templateOf(own: PromptTemplate, prompt: Prompt): PromptTemplate {
  const dialogue = prompt.kind === 'chat' ? prompt.dialogue : undefined;
  return dialogue === undefined ? takingGreetings(own) : dialogueTemplate(own, dialogue);
}

function dialogueTemplate(own: PromptTemplate, dialogue: Dialogue): PromptTemplate {
  const heads = { user: `\n${dialogue.user}:`, assistant: `\n${dialogue.assistant}:` };
  const ends = distinct(Object.values(heads));
  if (dialogue.command === null) {
    return {
      choice: { id: 'dialogue', label: t('Lines with names') },
      ...{ stops: ends, userStops: ends, userHead: heads.user, replyEnd: '\n', takesSystem: true },
      render: (messages) => {
        const turns = alternating(messages);
        return merge([...linesOf(turns, dialogue), ...openLine(turns, dialogue)]);
      },
    };
  }
  const { command } = dialogue;
  const stops = distinct([...own.stops, ...ends]);
  return {
    choice: { id: own.choice.id, label: t('{template}, lines with names', { template: own.choice.label }) },
    ...{ stops, userStops: stops, userHead: heads.user, replyEnd: own.replyEnd },
    takesSystem: true,
    render: (messages) => {
      const turns = alternating(messages);
      const inner = withinCommand(command, linesOf(turns, dialogue), dialogue.assistant);
      const open = openLine(turns, dialogue);
      const rendered = own.render([
        { role: 'user', text: joined(inner) },
        { role: 'assistant', text: joined(open) },
      ]);
      const sources = { user: inner, assistant: open, system: [], template: [] };
      return merge(rendered.flatMap((segment) => within(sources[segment.source], segment)));
    },
  };
}

/** All lines but the one that is open. */
function linesOf(messages: readonly PromptMessage[], names: Dialogue): Segment[] {
  return messages.flatMap((message, index): Segment[] => {
    const { role, text } = message;
    if (role === 'system') return [{ source: 'system', text: `${text.trim()}\n\n` }];
    if (index === messages.length - 1 && isLeftOpen(messages)) return [];
    return [{ source: role, text: `${names[role]}: ${text.trim()}\n` }];
  });
}

/** The name of who talks next, and what was said of the line already. Without a space at the end: words have their own. */
function openLine(messages: readonly PromptMessage[], names: Dialogue): Segment[] {
  const last = messages.at(-1);
  const isBegun = isLeftOpen(messages);
  const role = isBegun && last?.role === 'user' ? 'user' : 'assistant';
  const begun = isBegun ? trimmedText(last!.text, true) : '';
  return [
    { source: 'system', text: `${names[role]}:${begun === '' ? '' : ' '}` },
    { source: role, text: begun },
  ];
}

/** The user's own instruction around the lines; what it says counts as the system's words. */
function withinCommand(command: string, lines: readonly Segment[], name: string): Segment[] {
  const named = command.replaceAll('<|character|>', () => name);
  const at = named.indexOf(promptMark);
  const [before, after] =
    at < 0 ? [`${named}\n\n`, ''] : [named.slice(0, at), named.slice(at + promptMark.length)];
  return [{ source: 'system', text: before }, ...lines, { source: 'system', text: after }];
}

const promptMark = '<|prompt|>';

/** The part of the pieces that a template has written, each with its source again; a template may have trimmed it. */
function within(pieces: readonly Segment[], written: Segment): Segment[] {
  const from = joined(pieces).indexOf(written.text);
  if (from < 0) return [written];
  const to = from + written.text.length;
  let start = 0;
  return pieces.map(({ source, text }) => {
    const piece = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += text.length;
    return { source, text: piece };
  });
}
