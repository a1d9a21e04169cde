/** Owns the words in which a screen reader is told how a reply ended; pure. */
import { splitThinking } from '../../preload/contract/thinking.js';
import type { EventData } from '../../preload/contract/index.js';
import { count } from './format.js';

/** Long replies are not read out by themselves: the reader goes to them when ready. */
const readOutCharacters = 200;

/** How a reply ended: what went wrong, the whole of a short one, else how long it is. */
export function ofReply({ text, error }: Pick<EventData<'runs.ended'>, 'text' | 'error'>): string {
  if (error !== null) return `The reply has ended. ${error.message}`;
  const answer = splitThinking(text).answer.trim();
  if (answer === '') return 'The reply is empty.';
  if (answer.length <= readOutCharacters) return `The reply is done: ${answer}`;
  return `The reply is done: ${count(answer.split(/\s+/).length)} words.`;
}
