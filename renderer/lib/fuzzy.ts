/** Owns finding short texts by parts of their words, the best first; one pass over the texts, a bounded answer. */

/** How well a part of a word fits: at the start of a word, inside one, as first letters, or with letters left out. */
const points = { wordStart: 100, inside: 60, initials: 55, scattered: 30 } as const;
/** Letters that lie farther apart than this many times their number are no match. */
const maxSpread = 2;

/** Text as it is compared: lower case, without accents. */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const isWordPart = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character);
const startsWord = (text: string, at: number): boolean => !isWordPart(text[at - 1]);

/**
 * How well a text fits what was typed, by points; null when a word of it is nowhere in the text.
 * @param words of the query, folded
 * @param text folded
 */
export function scoreOf(words: readonly string[], text: string): number | null {
  let sum = 0;
  for (const word of words) {
    const score = scoreOfWord(word, text);
    if (score === null) return null;
    sum += score;
  }
  // Of two that fit alike, the shorter one fits better.
  return sum - Math.min(text.length, 200) / 20;
}

function scoreOfWord(word: string, text: string): number | null {
  const first = text.indexOf(word);
  if (first !== -1) {
    for (let at = first; at !== -1; at = text.indexOf(word, at + 1)) {
      if (startsWord(text, at)) return points.wordStart;
    }
    return points.inside;
  }
  if (word.length < 2) return null;
  if (isInitials(word, text)) return points.initials;
  return isScattered(word, text) ? points.scattered : null;
}

/** Whether the letters begin words of the text, in their order. */
function isInitials(word: string, text: string): boolean {
  let at = -1;
  for (const letter of word) {
    do at = text.indexOf(letter, at + 1);
    while (at !== -1 && !startsWord(text, at));
    if (at === -1) return false;
  }
  return true;
}

/** Whether the letters are in the text in their order and near each other. */
function isScattered(word: string, text: string): boolean {
  let end = -1;
  for (const letter of word) {
    end = text.indexOf(letter, end + 1);
    if (end === -1) return false;
  }
  // Back from the end: the shortest stretch that ends there.
  let start = end + 1;
  for (const letter of [...word].reverse()) start = text.lastIndexOf(letter, start - 1);
  return end - start < word.length * maxSpread;
}

export type Findable = { readonly folded: string };

/**
 * The best of what fits, at most `limit`; of those that fit alike, the first ones.
 * @param extra points that one has besides how well it fits
 */
export function best<T extends Findable>(
  query: string,
  all: Iterable<T>,
  limit: number,
  extra: (one: T) => number = () => 0,
): readonly T[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const found: { readonly one: T; readonly score: number }[] = [];
  for (const one of all) {
    const fit = scoreOf(words, one.folded);
    if (fit === null) continue;
    const score = fit + extra(one);
    if (found.length === limit && score <= found[limit - 1]!.score) continue;
    let at = found.length;
    while (at > 0 && found[at - 1]!.score < score) at--;
    found.splice(at, 0, { one, score });
    if (found.length > limit) found.pop();
  }
  return found.map(({ one }) => one);
}
