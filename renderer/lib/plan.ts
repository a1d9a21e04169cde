/** Owns the words for how the next prompt fits the context. */
import { t } from '../../preload/contract/language.js';
import type { Inclusion, LeftOutReason, OverflowPolicy } from '../../preload/contract/chats.js';
import type { NextPrompt } from '../../preload/contract/index.js';

export const policies: readonly { readonly id: OverflowPolicy; readonly label: string }[] = [
  { id: 'drop-oldest', label: t('Leave out the oldest turns') },
  { id: 'keep-pinned', label: t('Leave out the oldest turns, but keep pinned ones') },
  { id: 'stop', label: t('Do not send, and tell me') },
];

/**
 * What is told before sending; null when the whole conversation is sent.
 * @param what what the user wrote, or has on the screen, that makes the prompt long
 */
export function planNote(plan: NextPrompt, what: 'message' | 'conversation' | 'prompt'): string | null {
  if (plan.overTokens > 0) {
    return t(
      '{what, select, message {This message} conversation {This conversation} other {This prompt}} is {count, plural, one {# token} other {# tokens}} too long for the context.',
      { what, count: plan.overTokens },
    );
  }
  const leaving = Object.values(plan.leftOut).filter((reason) => reason === 'context-full').length;
  if (leaving === 0) return null;
  return t('{count, plural, one {# older message} other {# older messages}} will be left out.', {
    count: leaving,
  });
}

/** Where a message stands in the next prompt, when it is not just in it. */
export function placeNote(reason: LeftOutReason | undefined, inclusion: Inclusion): string | null {
  if (reason === 'context-full') return t('Left out: the context is full');
  if (reason === 'by-hand') return t('Left out by you');
  return inclusion === 'pinned' ? t('Pinned') : null;
}

/**
 * The message before which the line stands: from there on, the model sees the conversation.
 * @param messages oldest first
 * @returns its id; null when none is left out for want of room
 */
export function firstSeen(
  messages: readonly { readonly id: string }[],
  leftOut: NextPrompt['leftOut'],
): string | null {
  const last = messages.findLastIndex(({ id }) => leftOut[id] === 'context-full');
  return last < 0 ? null : (messages[last + 1]?.id ?? null);
}
