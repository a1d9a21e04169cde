/** Owns cutting long code into pieces that are coloured one by one; never colours. */

/** About 50 lines: colouring that many takes a small part of a frame. */
const pieceLength = 2000;
/** Up to here the whole is coloured at once when it is done, so that no string or comment is cut. */
const wholeLength = 50_000;

/**
 * Pieces of whole lines; as the code grows, all but the last stay what they are, so that each is coloured once.
 * @param growing whether more of the code may come
 */
export function codePieces(code: string, growing: boolean): string[] {
  if (!growing && code.length <= wholeLength) return [code];
  const pieces: string[] = [];
  let start = 0;
  for (;;) {
    const end = code.indexOf('\n', start + pieceLength);
    if (end < 0) return [...pieces, code.slice(start)];
    pieces.push(code.slice(start, end + 1));
    start = end + 1;
  }
}
