/** Owns what counts as a word for the search, in messages and in queries alike; never where words are kept. */

export type Word = { readonly start: number; readonly end: number };

/** Scripts that put no spaces between words: each letter is a word, so that any part of a text is found as a phrase. */
const unspaced =
  '(?:(?=[\\p{L}\\p{N}])[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}])';
const anyWord = new RegExp(
  `${unspaced}\\p{M}*|\\p{Extended_Pictographic}|(?!${unspaced}|\\p{M})(?:(?!${unspaced})[\\p{L}\\p{N}\\p{M}\\p{Co}])+`,
  'gu',
);
/** The same for text in ASCII, which most is: many times as fast. */
const asciiWord = /[A-Za-z0-9]+/g;
// eslint-disable-next-line no-control-regex -- the range is ASCII as a whole
export const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);

/** All words of a text, in UTF-16 units. */
export function wordsOf(text: string): Word[] {
  const pattern = isAscii(text) ? asciiWord : anyWord;
  pattern.lastIndex = 0;
  const words: Word[] = [];
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    words.push({ start: match.index, end: pattern.lastIndex });
  }
  return words;
}

/** A word without case and diacritics, as the index compares it. */
export const fold = (word: string): string =>
  isAscii(word)
    ? word.toLowerCase()
    : word
        .normalize('NFD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase();

/**
 * A text as it is given to FTS5, whose tokenizer takes a run of letters as one word and knows no pictographs.
 * @see https://www.sqlite.org/fts5.html#unicode61_tokenizer
 */
export function indexedText(text: string): string {
  if (isAscii(text)) return text;
  return wordsOf(text)
    .map(({ start, end }) => indexedWord(text.slice(start, end)))
    .join(' ');
}

/** A pictograph becomes a word of letters that no text holds: one of the private use area, and its number. */
export const indexedWord = (word: string): string =>
  /\p{Extended_Pictographic}/u.test(word) && !/[\p{L}\p{N}]/u.test(word)
    ? `\u{e000}${word.codePointAt(0)!.toString(16)}`
    : word;
