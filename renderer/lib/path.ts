/** Owns how a stretch of a chat's path goes into what the page has of it. */
import type { PathMessage, Thread } from '../../preload/contract/chats.js';

/**
 * The path with what main told. The messages before a message are always the same ones, so what is known up to `after`
 * stays; where `after` is not known (another branch), the path begins with the stretch and the earlier messages follow.
 * @param known what the page has of the path, oldest first
 */
export function withStretch(
  known: readonly PathMessage[],
  { after, messages, isEnd }: Pick<Thread, 'after' | 'messages' | 'isEnd'>,
): readonly PathMessage[] {
  const at = after === null ? -1 : known.findLastIndex(({ id }) => id === after);
  const isJoined = after === null || at >= 0;
  const before = isJoined ? known.slice(0, at + 1) : [];
  if (isEnd) return [...before, ...messages];
  const rest = known.slice(before.length + messages.length);
  const isSame = messages.every(({ id }, index) => known[before.length + index]?.id === id);
  return isJoined && isSame ? [...before, ...messages, ...rest] : known;
}

/** Whether the path begins with these messages; otherwise the earlier ones are still to come. */
export const isWhole = (messages: readonly PathMessage[]): boolean =>
  (messages[0]?.parentId ?? null) === null;
