/** Owns the words for what was measured of a reply and why it ended. */
import { t } from '../../preload/contract/language.js';
import type { OverflowPolicy, PathMessage, ReplyStats } from '../../preload/contract/chats.js';
import { decimal, seconds } from './format.js';

/** Speed, time to the first token and use of the context, in one line. */
export function statsLine(
  stats: ReplyStats | null,
  live: { readonly tokensPerSecond: number } | undefined,
): string {
  if (live !== undefined)
    return live.tokensPerSecond > 0 ? t('{speed} tok/s', { speed: decimal(live.tokensPerSecond, 1) }) : '';
  if (stats === null) return '';
  const reuse = { reused: stats.reusedTokens, prompt: stats.promptTokens };
  return [
    t('{speed} tok/s', { speed: decimal(stats.tokensPerSecond, 1) }),
    t('first token {time}', { time: seconds(stats.timeToFirstTokenMs) }),
    t('{used, number} of {size, number} context', { used: stats.contextUsed, size: stats.contextSize }),
    stats.reusedTokens === 0
      ? null
      : stats.reusedFrom === 'disk'
        ? t('reused {reused, number} of {prompt, number} tokens from disk', reuse)
        : t('reused {reused, number} of {prompt, number} tokens', reuse),
    stats.guessesMade === 0
      ? null
      : t('{taken, number} of {made, number} guesses taken', {
          taken: stats.guessesTaken,
          made: stats.guessesMade,
        }),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

const interrupted = t('This reply was interrupted. Continue it, or regenerate it.');

/** Where the text begins that the guard stopped a reply for; null when there is none, or it was cut. */
export function troubleAt({ stats, text }: Pick<PathMessage, 'stats' | 'text'>): number | null {
  const from = stats?.troubleFrom;
  return from === undefined || text.length <= from ? null : from;
}

const isCut = (message: Pick<PathMessage, 'stats' | 'text'>) => troubleAt(message) === null;

/** Why a reply is not whole; null when the model ended it. */
export function stopNote(
  { stats, text, error, model }: Pick<PathMessage, 'stats' | 'text' | 'error' | 'model'>,
  overflow: OverflowPolicy,
): string | null {
  if (error !== null) return null;
  switch (stats?.stopReason) {
    case undefined:
      // No model wrote it: the greeting of a character.
      if (model === null) return null;
      if (text.trim() === '')
        return t('This reply was interrupted before it began. Regenerate it to get one.');
      return interrupted;
    case 'partial':
      return interrupted;
    case 'stopped':
      return t('Stopped.');
    case 'loop':
      return isCut({ stats, text })
        ? t('The part that repeated itself was cut.')
        : t('Stopped: the model was repeating itself.');
    case 'self-talk':
      return isCut({ stats, text })
        ? t('The part in which the model spoke as you was cut.')
        : t('Stopped: the model began to speak as you.');
    case 'max-tokens':
      return t('Ended at the limit of tokens per reply.');
    case 'banned-string':
      return t(
        'Ended here: every way on would have written a banned string. See banned_strings under Parameters.',
      );
    case 'context-full':
      return overflow === 'stop'
        ? t(
            'The context is full, and this chat leaves nothing out. Let it leave out the oldest turns, set a larger context under Parameters, or start a new chat.',
          )
        : t(
            'The context is full. Continue goes on without the oldest turns; or set a larger context under Parameters.',
          );
    default:
      return text.trim() === ''
        ? t('The model ended its reply without a word. Regenerate it, or say it differently.')
        : null;
  }
}
