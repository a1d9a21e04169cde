/** Owns finding fenced code in plain text; nothing else of it is Markdown. */

export type FencedPart = {
  readonly kind: 'text' | 'code';
  readonly text: string;
  /** Empty where none is named. */
  readonly language: string;
};

/** The text in its order: what stands between fences, without the fences, and what stands around them. */
export function fencedParts(text: string): FencedPart[] {
  const parts: FencedPart[] = [];
  const words = (from: number, to: number) => {
    if (to > from) parts.push({ kind: 'text', text: text.slice(from, to), language: '' });
  };
  let at = 0;
  for (const match of text.matchAll(/^```([^\n`]*)\n([\s\S]*?)\n```[ \t]*(?:\n|$)/gm)) {
    // The line break before a fence belongs to the fence.
    words(at, text[match.index - 1] === '\n' ? match.index - 1 : match.index);
    parts.push({ kind: 'code', text: match[2]!, language: match[1]!.trim() });
    at = match.index + match[0].length;
  }
  words(at, text.length);
  return parts;
}
