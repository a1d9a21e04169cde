/** Owns the name a chat gets from its first message. */

/** What stands for the title of a chat without one: the same in every language, as chats keep it. */
// eslint-disable-next-line altiplano/no-loose-text -- a mark in the database, shown by `t`
export const untitled = 'New chat';

const maxLength = 60;

/** The first line with words in it, cut at a word border when it is long. */
export function titleFrom(text: string): string {
  const line =
    text
      .split('\n')
      .map((part) => part.trim().replace(/\s+/g, ' '))
      .find((part) => part.length > 0) ?? untitled;
  const letters = [...line];
  if (letters.length <= maxLength) return line;
  const cut = letters.slice(0, maxLength).join('');
  const border = cut.lastIndexOf(' ');
  return `${border > maxLength / 2 ? cut.slice(0, border) : cut}…`;
}
