/** Owns the words in which a screen reader is told how a reply ended; pure. */
import { t } from '../../preload/contract/language.js';
import { splitThinking } from '../../preload/contract/thinking.js';
import type { EventData } from '../../preload/contract/index.js';

/** Long replies are not read out by themselves: the reader goes to them when ready. */
const readOutCharacters = 200;

/** How a reply ended: what went wrong, the whole of a short one, else how long it is. */
export function ofReply({ text, error }: Pick<EventData<'runs.ended'>, 'text' | 'error'>): string {
  if (error !== null) return t('The reply has ended. {message}', { message: error.message });
  const answer = splitThinking(text).answer.trim();
  if (answer === '') return t('The reply is empty.');
  if (answer.length <= readOutCharacters) return t('The reply is done: {answer}', { answer });
  return t('The reply is done: {count, plural, one {# word} other {# words}}.', {
    count: answer.split(/\s+/).length,
  });
}
