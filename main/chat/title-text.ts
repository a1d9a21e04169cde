/** Owns what is asked for a title, and what of the answer is one; pure. */

export const titleQuestion =
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  'Write a title for this conversation: at most six words that say what it is about. Answer with the title alone.';

const maxWords = 10;
const maxLength = 60;

/**
 * The title in a model's answer: its first line with words, without what models like to put around a title.
 * @returns null when there is none: nothing, only thoughts, or a whole sentence of talk
 */
export function titleIn(answer: string): string | null {
  const line = answer
    .replace(/<think>[\s\S]*?(<\/think>|$)/g, '')
    .split('\n')
    .map((part) => part.trim())
    .find((part) => /[\p{L}\p{N}]/u.test(part));
  const title = line
    ?.replace(/^[#>*\s]+/, '')
    .replace(/^\**title\**\s*:\s*/i, '')
    .replace(/^[\s"'“”‘’«»*_`]+|[\s"'“”‘’«»*_`.]+$/gu, '')
    .replace(/\s+/g, ' ');
  if (title === undefined || title === '') return null;
  return title.length > maxLength || title.split(' ').length > maxWords ? null : title;
}
