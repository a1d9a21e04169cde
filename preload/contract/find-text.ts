/**
 * Owns where a text stands in another as a reader takes it, case, accents and kinds of quotes ignored, and what a reader
 * sees of a message's text. Main counts by it, the page marks by it; neither draws nor reads here.
 */

/** What is looked for, ready to be found in folded texts. */
export type Sought = { readonly pattern: RegExp };

/** A stretch of a text, in UTF-16 units. */
export type Place = { readonly start: number; readonly end: number };

// eslint-disable-next-line no-control-regex -- the range is ASCII as a whole
const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);

const unaccented = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replaceAll('ς', 'σ');

const folded = (text: string): string => (isAscii(text) ? text.toLowerCase() : unaccented(text));

/** @returns null when there is nothing to look for */
export function sought(query: string): Sought | null {
  const words = folded(query);
  if (words.trim() === '') return null;
  const source = words
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    // A line may break anywhere.
    .replace(/\s+/g, '\\s+');
  return { pattern: new RegExp(source, 'g') };
}

/** How often it stands in a text. */
export const countIn = (text: string, { pattern }: Sought): number =>
  folded(text).match(pattern)?.length ?? 0;

/** Where it stands in a text, in order. */
export function placesIn(text: string, { pattern }: Sought): Place[] {
  if (isAscii(text)) {
    return [...text.toLowerCase().matchAll(pattern)].map(({ 0: found, index }) => ({
      start: index,
      end: index + found.length,
    }));
  }
  // One character may fold to none or to several.
  let all = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const one = unaccented(character);
    all += one;
    for (let unit = 0; unit < one.length; unit++) {
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  return [...all.matchAll(pattern)].map(({ 0: found, index }) => {
    const last = index + found.length - 1;
    // Accents that stand apart behind the last letter belong to it.
    return { start: starts[index]!, end: Math.max(ends[last]!, starts[last + 1] ?? text.length) };
  });
}

// Stretches are bounded: a mark without its end must not cost the rest of a long line.
const fence = /^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gm;
const link = /!?\[([^\]\n]{0,500})\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"\n]*")?\)/g;
const lineStart = /^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|[-+*][ \t]+(?:\[[ xX]\][ \t]+)?|\d+[.)][ \t]+)?/gm;
const tableLine = /^\|.*$/gm;
const inline =
  /\\([!-/:-@[-`{-~])|(`+)(?!`)([^\n]{0,500}?[^`\n])\2(?!`)|(\*{1,3}|~~)(?=\S)([^\n]{0,500}?\S)\4|(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^\n]{0,500}?\S)\6(?![\p{L}\p{N}_])/gu;

/** What is shown of a text in Markdown, near enough to find in it: without its marks, and without where links lead to. */
export function shownText(markdown: string): string {
  if (!/[*_`~[#>|<\\&]|^[ \t]*(?:[-+]|\d+[.)]) /m.test(markdown)) return markdown;
  let shown = '';
  let at = 0;
  for (const { 0: block, 2: code, index } of markdown.matchAll(fence)) {
    shown += `${withoutMarks(markdown.slice(at, index))}\n${code}`;
    at = index + block.length;
  }
  return shown + withoutMarks(markdown.slice(at));
}

const withoutMarks = (markdown: string): string =>
  withoutInlineMarks(
    markdown
      .replace(/<\/?think>/g, '\n')
      .replace(link, '$1')
      .replace(lineStart, '')
      .replace(tableLine, (line) => (/^[|: -]*$/.test(line) ? '' : line.replaceAll('|', '\n'))),
  ).replace(/&(amp|lt|gt|quot);/g, (_, name: keyof typeof entities) => entities[name]);

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' } as const;

function withoutInlineMarks(text: string): string {
  return text.replace(
    inline,
    (...[, escaped, , code, , strong, , em]: (string | undefined)[]) =>
      escaped ?? code ?? withoutInlineMarks(strong ?? em ?? ''),
  );
}

/** What is shown of one's own message: as it was typed, but for the fences of code. */
export const typedText = (text: string): string => text.replace(/^```[^\n`]*$/gm, '');
