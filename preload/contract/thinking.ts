/** Owns telling a model's thinking from its answer; never draws either. The tags are those of DeepSeek-R1 and Qwen 3. */

const opening = '<think>';
const closing = '</think>';

export type Reply = {
  /** Null when the model did not think aloud. */
  readonly thinking: string | null;
  /** Whether the thinking has not ended. */
  readonly isThinking: boolean;
  readonly answer: string;
};

/** Some templates open the thinking in the prompt, so that a reply has only its end; that stands on a line's end. */
const endAlone = /<\/think>[ \t]*(?:\n|$)/;

export function splitThinking(text: string): Reply {
  const head = text.trimStart();
  if (head.startsWith(opening)) {
    const from = text.length - head.length + opening.length;
    const to = text.indexOf(closing, from);
    if (to < 0) return { thinking: text.slice(from).trim(), isThinking: true, answer: '' };
    const answer = text.slice(to + closing.length).trimStart();
    return { thinking: text.slice(from, to).trim(), isThinking: false, answer };
  }
  const end = endAlone.exec(text);
  if (end === null || text.lastIndexOf(opening, end.index) >= 0 || isInFence(text, end.index)) {
    return { thinking: null, isThinking: false, answer: text };
  }
  const answer = text.slice(end.index + closing.length).trimStart();
  return { thinking: text.slice(0, end.index).trim(), isThinking: false, answer };
}

/** A tag that is quoted in a block of code ends nothing. */
const isInFence = (text: string, at: number): boolean =>
  (text.slice(0, at).match(/^ {0,3}```/gm)?.length ?? 0) % 2 === 1;
