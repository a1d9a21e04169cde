/** Owns how the active path becomes the turns of a prompt; never their template. */
import type { PathMessage } from '../../preload/contract/chats.js';
import type { PromptMessage } from '../../preload/contract/engine.js';

/**
 * The turns up to and including the message `lastId`.
 * @param systemPrompt empty = none, so that the template's own default applies
 */
export function promptTurns(
  path: readonly PathMessage[],
  lastId: string | null,
  systemPrompt: string,
): PromptMessage[] {
  const system: PromptMessage[] = systemPrompt.trim() === '' ? [] : [{ role: 'system', text: systemPrompt }];
  const end = lastId === null ? 0 : path.findIndex((message) => message.id === lastId) + 1;
  return [...system, ...path.slice(0, end).map(({ role, text }) => ({ role, text }))];
}
