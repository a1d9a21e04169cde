/** Owns texts with elements in them: where in the translation each of them stands. Pure. */
import { t, type Message } from '../../preload/contract/language.js';

export type Piece = { readonly text: string } | { readonly part: string };

/**
 * The words of a text, and between them the names of its parts, in the order of the language.
 * @param parts names of placeholders that are elements
 * @param values of the other placeholders
 */
export function pieces(
  text: Message,
  parts: readonly string[],
  values: Readonly<Record<string, string | number>> = {},
): Piece[] {
  // Characters of the private use area, which no text has.
  const marks = Object.fromEntries(parts.map((part) => [part, `\uE000${part}\uE001`]));
  return t(text, { ...values, ...marks })
    .split(/(\uE000[^\uE001]*\uE001)/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece.startsWith('\uE000') ? { part: piece.slice(1, -1) } : { text: piece }));
}
