/** Owns what a prompt template is: turns in, pieces of text out, each with its source; knows no family and no file. */
import type { PromptMessage } from '../../../preload/contract/engine.js';
import type { TemplateChoice } from '../../../preload/contract/models.js';

/**
 * A piece of a prompt. In `template` pieces the names of special tokens are those tokens; in the others they are
 * plain text, so that nobody can end a turn by typing `</s>`.
 */
export type Segment = {
  readonly source: 'template' | PromptMessage['role'];
  readonly text: string;
};

export type PromptTemplate = {
  readonly choice: TemplateChoice;
  /** Texts at which a reply ends, besides the model's own end tokens: always the head of a user turn too. */
  readonly stops: readonly string[];
  /** Texts at which the user's message ends where the model writes it: also what begins a reply. */
  readonly userStops: readonly string[];
  /** What stands before a user's text in later turns, without white space around; empty when nothing does. */
  readonly userHead: string;
  /** What closes a reply of an earlier turn. */
  readonly replyEnd: string;
  /** Whether a system prompt finds its way to the model. */
  readonly takesSystem: boolean;
  /**
   * The prompt for the turns, neighbours of the same role as one. A last turn of the assistant is left open, to be
   * continued, and so is one of the user that says so; else the head of a new reply ends the prompt.
   * @throws AppError template-failed when the template refuses the turns
   */
  readonly render: (messages: readonly PromptMessage[]) => Segment[];
};

/**
 * Messages as turns that a template can render. No model was trained on two turns of one side in a row, and many
 * templates refuse them: neighbours of the same role become paragraphs of one turn. A last reply that has no words yet
 * is left out: to go on with it is to start it.
 */
export function alternating(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const last = messages.at(-1);
  const written = last?.role === 'assistant' && last.text === '' ? messages.slice(0, -1) : messages;
  const turns: PromptMessage[] = [];
  for (const message of written) {
    const before = turns.at(-1);
    if (before === undefined || before.role !== message.role || message.role === 'system')
      turns.push(message);
    else turns.splice(-1, 1, { ...message, text: asParagraphs([before.text, message.text]) });
  }
  return turns;
}

/** Texts one below the other. */
function asParagraphs(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

/** Whether the prompt ends within the last of the turns, and the model goes on with it. */
export function isLeftOpen(turns: readonly PromptMessage[]): boolean {
  const last = turns.at(-1);
  return last?.role === 'assistant' || last?.isOpen === true;
}

/**
 * What stands before a text that the model goes on with. Before one that has no words yet it ends without spaces: models
 * learnt each first word together with the space before it.
 */
export function headOfOpen(head: string, text: string): string {
  return text === '' ? head.replace(/ +$/, '') : head;
}

/**
 * A turn's text as a template that trims gets it. The end of an open reply stays as the model wrote it: it goes on
 * from there.
 */
export function trimmedText(text: string, isOpen: boolean): string {
  return isOpen ? text.trimStart() : text.trim();
}

/** Joins neighbours of the same source and drops empty pieces. */
export function merge(segments: readonly Segment[]): Segment[] {
  const merged: { source: Segment['source']; text: string }[] = [];
  for (const { source, text } of segments) {
    const last = merged.at(-1);
    if (text === '') continue;
    if (last?.source === source) last.text += text;
    else merged.push({ source, text });
  }
  return merged;
}

export function joined(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join('');
}

/** A mark at the start of a text, as the families write them: `</s>`, `<|im_end|>`, `[/INST]`. */
export function leadingMark(text: string): string | null {
  return /^\s*(<[^<>\s]+>|\[[^[\]\s]+\])/.exec(text)?.[1] ?? null;
}

/** The texts that say something, each once. */
export function distinct(texts: readonly (string | null)[]): string[] {
  return [...new Set(texts.filter((text) => text !== null && text !== '') as string[])];
}

/** As Llama 3's template writes a day: 26 Jul 2024. */
export function today(): string {
  const now = new Date();
  const month = now.toLocaleString('en-US', { month: 'short' });
  return `${String(now.getDate()).padStart(2, '0')} ${month} ${now.getFullYear()}`;
}
