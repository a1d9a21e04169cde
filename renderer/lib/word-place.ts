/** Owns finding, in the source of a text, the word that was clicked where it is shown. */

/** Letters around a place in a shown text. */
export function wordAround(text: string, at: number): { readonly start: number; readonly word: string } {
  const start = at - (/[\p{L}\p{M}\p{N}'’]*$/u.exec(text.slice(0, at))?.[0].length ?? 0);
  const word = /^[\p{L}\p{M}\p{N}'’]*/u.exec(text.slice(start))?.[0] ?? '';
  return { start, word };
}

/**
 * Where the word stands in the source: as many of it come before it there as where it is shown.
 * @param shownBefore the shown text up to the word
 * @returns null when the source does not have it
 */
export function placeOfWord(source: string, shownBefore: string, word: string): number | null {
  if (word === '') return null;
  const before = shownBefore.split(word).length - 1;
  let at = -1;
  for (let count = 0; count <= before; count++) {
    const next = source.indexOf(word, at + 1);
    if (next < 0) break;
    at = next;
  }
  return at < 0 ? null : at;
}

/** The place in the source of the word at a point of the window; null when there is none. @param shown the element of the text */
export function placeInSource(
  shown: HTMLElement,
  { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>,
  source: string,
): number | null {
  const caret = document.caretRangeFromPoint(clientX, clientY);
  if (caret === null || !(caret.startContainer instanceof Text) || !shown.contains(caret.startContainer))
    return null;
  const { start, word } = wordAround(caret.startContainer.data, caret.startOffset);
  const before = document.createRange();
  before.setStart(shown, 0);
  before.setEnd(caret.startContainer, start);
  return placeOfWord(source, before.toString(), word);
}
