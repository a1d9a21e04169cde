/** Owns finding the terms of a query in one text, how well they fit, and the snippet that shows them; never asks the index. */
import type { Term } from '../../preload/contract/search-query.js';
import type { Snippet } from '../../preload/contract/search.js';
import { fold, isAscii, wordsOf, type Word } from './words.js';

/** A term, ready to be found in texts. */
export type SoughtTerm = {
  /** Folded, one after another; none in a term of signs alone, as `->`. */
  readonly words: readonly string[];
  /** The last word may go on. */
  readonly isOpen: boolean;
  /** Finds the term where text and term are ASCII, many times as fast; finds signs in any text. */
  readonly pattern: RegExp;
};

export type Match = Word & {
  /** Which of the terms. */
  readonly term: number;
};

export function soughtTerm({ text, isOpen: isTyped }: Term): SoughtTerm {
  const words = wordsOf(text).map(({ start, end }) => fold(text.slice(start, end)));
  // Behind `c++` there is no longer word to come.
  const isOpen = isTyped && /[\p{L}\p{N}\p{M}]$/u.test(text);
  const end = isOpen ? '[a-z0-9]*' : '(?![a-z0-9])';
  const source =
    words.length === 0
      ? text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
      : `(?<![a-z0-9])${words.join('[^a-z0-9]+')}${end}`;
  return { words, isOpen, pattern: new RegExp(source, 'gi') };
}

/** Where the terms stand in a text, in order. */
export function findTerms(text: string, terms: readonly SoughtTerm[]): Match[] {
  const byWords = isAscii(text) ? [] : terms.filter(({ words }) => words.length > 0);
  const matches: Match[] = byWords.length === 0 ? [] : findWords(text, terms);
  terms.forEach((wanted, term) => {
    if (byWords.includes(wanted)) return;
    for (const { 0: found, index } of text.matchAll(wanted.pattern))
      matches.push({ start: index, end: index + found.length, term });
  });
  return matches.sort((a, b) => a.start - b.start);
}

function findWords(text: string, terms: readonly SoughtTerm[]): Match[] {
  const words = wordsOf(text);
  const folded = words.map(({ start, end }) => fold(text.slice(start, end)));
  const matches: Match[] = [];
  terms.forEach((wanted, term) => {
    const last = wanted.words.length - 1;
    for (let at = 0; last >= 0 && at + last < words.length; at++) {
      if (standsAt(folded, at, wanted))
        matches.push({ start: words[at]!.start, end: words[at + last]!.end, term });
    }
  });
  return matches;
}

function standsAt(folded: readonly string[], at: number, { words, isOpen }: SoughtTerm): boolean {
  const last = words.length - 1;
  for (let index = 0; index < last; index++) if (folded[at + index] !== words[index]) return false;
  const end = folded[at + last]!;
  return isOpen ? end.startsWith(words[last]!) : end === words[last];
}

const snippetLength = 180;
/** How much of the text before the first match is shown. */
const leadLength = 50;

/** The part of a text around its first matches, in pieces; line breaks become spaces. */
export function snippetOf(text: string, matches: readonly Word[]): Snippet {
  const first = matches[0]?.start ?? 0;
  const start = first <= leadLength ? 0 : wordBorder(text, first - leadLength);
  const end = start + snippetLength >= text.length ? text.length : wordBorder(text, start + snippetLength);
  const pieces: Snippet = [];
  const add = (from: number, to: number, isMatch: boolean) => {
    const part = text.slice(from, to).replace(/\s+/g, ' ');
    if (part !== '') pieces.push({ text: part, isMatch });
  };
  let at = start;
  for (const match of matches) {
    if (match.start >= end) break;
    if (match.end <= at) continue;
    add(at, Math.max(at, match.start), false);
    add(Math.max(at, match.start), match.end, true);
    at = match.end;
  }
  if (at < end) add(at, at + text.slice(at, end).trimEnd().length, false);
  if (start > 0) pieces.unshift({ text: '… ', isMatch: false });
  if (Math.max(at, end) < text.length) pieces.push({ text: ' …', isMatch: false });
  return pieces;
}

/** The next place behind a space, if one is near; never inside of a surrogate pair. */
function wordBorder(text: string, at: number): number {
  const space = text.slice(at, at + 20).search(/\s/);
  if (space >= 0) return at + space + 1;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
