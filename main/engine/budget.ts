/** Owns what of a conversation fits the context: drops whole oldest turns, never cuts a text. */
import type { PromptMessage } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';

/** Tokens kept free for the reply. */
export function replyReserve(contextSize: number): number {
  return Math.min(512, Math.floor(contextSize / 4));
}

/**
 * The turns that fit. System messages and the last turn always stay; turns are dropped from the oldest on, so that
 * the conversation starts with a user's turn.
 * @param count tokens of the rendered prompt of some messages
 * @throws AppError prompt-too-long when not even the last turn fits
 */
export function fitToContext<T extends { readonly length: number }>(
  messages: readonly PromptMessage[],
  contextSize: number,
  count: (messages: readonly PromptMessage[]) => T,
): { readonly tokens: T; readonly omitted: number } {
  const limit = contextSize - replyReserve(contextSize);
  const system = messages.filter(({ role }) => role === 'system');
  const turns = messages.filter(({ role }) => role !== 'system');
  // A reply that is continued needs the question before it.
  const keep = turns.at(-1)?.role === 'assistant' ? 2 : 1;
  const starts = turns.flatMap(({ role }, index) =>
    index === 0 || (role === 'user' && index <= turns.length - keep) ? [index] : [],
  );
  let tokens = count(messages);
  if (tokens.length <= limit) return { tokens, omitted: 0 };
  // The fewest turns to drop: each further one shortens the prompt, so halving finds it.
  let low = 1;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (count([...system, ...turns.slice(starts[middle])]).length <= limit) high = middle;
    else low = middle + 1;
  }
  const start = starts[low];
  if (start !== undefined) {
    tokens = count([...system, ...turns.slice(start)]);
    return { tokens, omitted: start };
  }
  const lastStart = starts.at(-1) ?? 0;
  throw tooLong(count([...system, ...turns.slice(lastStart)]).length, contextSize);
}

/** The error for a prompt that can't be made to fit. */
export function tooLong(tokens: number, contextSize: number): AppError {
  const number = (value: number) => value.toLocaleString('en-US');
  return new AppError({
    code: 'prompt-too-long',
    message: `This message needs ${number(tokens)} tokens; the context has room for ${number(contextSize - replyReserve(contextSize))}.`,
    hint: 'Shorten it, or set a larger context under Parameters.',
  });
}
