/** Owns the template that a model file carries: renders turns by its Jinja, and tells its words from the people's. */
import { t } from '../../../preload/contract/language.js';
import type { PromptMessage } from '../../../preload/contract/engine.js';
import { readJinja } from './bounded-jinja.js';
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

/** Id of the template that the file itself carries. */
export const ownTemplateId = 'model';

/** What a template may write of the model's vocabulary. */
export type MarkTexts = { readonly bosText: string; readonly eosText: string };

/** Renders turns whose texts are given apart; `isOpen` asks for the head of a new reply at the end. */
type Render = (messages: readonly PromptMessage[], texts: readonly string[], isOpen: boolean) => string;

/**
 * @param source Jinja as in `tokenizer.chat_template`
 * @throws AppError template-failed when it can't render a plain turn: better known now than at the first message
 */
export function ownTemplate(source: string, marks: MarkTexts): PromptTemplate {
  const jinja = readJinja(source);
  const render: Render = (messages, texts, isOpen) =>
    jinja({
      messages: messages.map(({ role }, index) => ({ role, content: texts[index] })),
      add_generation_prompt: isOpen,
      bos_token: marks.bosText,
      eos_token: marks.eosText,
      date_string: today(),
    });
  const { userHead, replyEnd, replyHead } = describe(render, marks.bosText);
  const stops = distinct([leadingMark(replyEnd), userHead]);
  return {
    choice: { id: ownTemplateId, label: t('The model’s own') },
    stops,
    userStops: distinct([...stops, leadingMark(replyHead) ?? replyHead.trim()]),
    userHead,
    replyEnd,
    takesSystem: takesSystem(render),
    render: (messages) => renderTurns(render, alternating(messages)),
  };
}

/** Stands for the text of a turn; no template writes these letters of Unicode's private area. */
const placeholder = (index: number) => `\uE000${index}\uE001`;
const placeholders = /\uE000(\d+)\uE001/;

/** Renders with placeholders: an odd count of pieces, every second one the index of a turn. */
function outline(render: Render, messages: readonly PromptMessage[], isOpen: boolean): string[] {
  const texts = messages.map((_, index) => placeholder(index));
  return render(messages, texts, isOpen).split(placeholders);
}

function renderTurns(render: Render, messages: readonly PromptMessage[]): Segment[] {
  const isContinued = isLeftOpen(messages);
  const pieces = outline(render, messages, !isContinued);
  // What closes a turn is left out where it goes on.
  if (isContinued) pieces.splice(pieces.lastIndexOf(String(messages.length - 1)) + 1);
  if (messages.at(-1)?.isOpen === true)
    pieces.splice(-2, 1, headOfOpen(pieces.at(-2) ?? '', messages.at(-1)!.text));
  const fill = (texts: readonly string[]): Segment[] =>
    pieces.map((piece, index) =>
      index % 2 === 0
        ? { source: 'template', text: piece }
        : { source: messages[Number(piece)]!.role, text: texts[Number(piece)]! },
    );
  const asWritten = messages.map(({ text }) => text);
  const trimmed = asWritten.map((text, index) =>
    trimmedText(text, isContinued && index === messages.length - 1),
  );
  const plain = render(messages, asWritten, !isContinued);
  const fits = (texts: readonly string[]) => {
    const text = joined(fill(texts));
    return isContinued ? plain.startsWith(text.trimEnd()) : plain === text;
  };
  if (fits(asWritten)) return merge(fill(asWritten));
  if (fits(trimmed)) return merge(fill(trimmed));
  return merge(fill(messages.map((_, index) => rewrittenText(render, messages, index, !isContinued))));
}

/**
 * A turn's text as a template gives it on that changes it, for instance by leaving out what a model thought: what
 * stands in the place of the text where all other texts are placeholders.
 */
function rewrittenText(
  render: Render,
  messages: readonly PromptMessage[],
  index: number,
  isOpen: boolean,
): string {
  const { text } = messages[index]!;
  const pieces = outline(render, messages, isOpen);
  const at = pieces.indexOf(String(index));
  const texts = messages.map((_, other) => (other === index ? text : placeholder(other)));
  const around = render(messages, texts, isOpen).split(placeholders)[at - 1];
  const [before, after] = [pieces[at - 1], pieces[at + 1]];
  if (around === undefined || before === undefined || after === undefined) return text;
  const fits =
    around.length >= before.length + after.length && around.startsWith(before) && around.endsWith(after);
  return fits ? around.slice(before.length, around.length - after.length) : text;
}

/** What stands around a reply and before the next question. */
function describe(
  render: Render,
  bosText: string,
): { readonly userHead: string; readonly replyEnd: string; readonly replyHead: string } {
  const question: PromptMessage = { role: 'user', text: '' };
  const reply: PromptMessage = { role: 'assistant', text: '' };
  const first = outline(render, [question], true);
  const replyHead = first.at(-1)!;
  try {
    const replyEnd = outline(render, [question, reply], false).at(-1) ?? '';
    const between = outline(render, [question, reply, question], true)[4] ?? '';
    const head = between.startsWith(replyEnd) ? between.slice(replyEnd.length) : between;
    // BOS before each question is none of its head, unless replies begin with the same mark (ChatML's <|im_start|>).
    const isTurnMark = bosText === '' || replyHead.includes(bosText);
    const isBos = !isTurnMark && head.startsWith(bosText);
    return { userHead: (isBos ? head.slice(bosText.length) : head).trim(), replyEnd, replyHead };
  } catch {
    // It takes one turn only.
    return { userHead: first[0]?.trim().split('\n').at(-1)?.trim() ?? '', replyEnd: '', replyHead };
  }
}

function takesSystem(render: Render): boolean {
  try {
    const pieces = outline(
      render,
      [
        { role: 'system', text: '' },
        { role: 'user', text: '' },
      ],
      true,
    );
    return pieces.includes('0');
  } catch {
    return false;
  }
}
