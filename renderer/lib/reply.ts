/** Owns the words for what was measured of a reply and why it ended. */
import { t } from '../../preload/contract/language.js';
import type { OverflowPolicy, PathMessage, ReplyStats } from '../../preload/contract/chats.js';
import { count, seconds } from './format.js';

/** Speed, time to the first token and use of the context, in one line. */
export function statsLine(
  stats: ReplyStats | null,
  live: { readonly tokensPerSecond: number } | undefined,
): string {
  if (live !== undefined)
    return live.tokensPerSecond > 0
      ? t('{tokensPerSecond} tok/s', { tokensPerSecond: live.tokensPerSecond.toFixed(1) })
      : '';
  if (stats === null) return '';
  const reused =
    stats.reusedTokens > 0
      ? ` · reused ${count(stats.reusedTokens)} of ${count(stats.promptTokens)} tokens${stats.reusedFrom === 'disk' ? ' from disk' : ''}`
      : '';
  const guessed =
    stats.guessesMade > 0
      ? t(' · {guessesTaken} of {guessesMade} guesses taken', {
          guessesTaken: count(stats.guessesTaken),
          guessesMade: count(stats.guessesMade),
        })
      : '';
  return (
    t('{tokensPerSecond} tok/s · first token {timeToFirstTokenMs}', {
      tokensPerSecond: stats.tokensPerSecond.toFixed(1),
      timeToFirstTokenMs: seconds(stats.timeToFirstTokenMs),
    }) +
    t(' · {contextUsed} of {contextSize} context{reused}{guessed}', {
      contextUsed: count(stats.contextUsed),
      contextSize: count(stats.contextSize),
      reused,
      guessed,
    })
  );
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
      return 'Stopped.';
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
