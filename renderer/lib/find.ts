/** Owns how one goes through what was found in a chat, message by message; never looks for it. */
import type { FoundMessage } from '../../preload/contract/branches.js';

/** One of the places in a message, counted from 0. */
export type FoundPlace = { readonly messageId: string; readonly index: number };

export const totalOf = (found: readonly FoundMessage[]): number =>
  found.reduce((sum, { count }) => sum + count, 0);

/** Which one it is of all places, counted from 1; null when it is none of them. */
export function numberOf(found: readonly FoundMessage[], place: FoundPlace): number | null {
  let before = 0;
  for (const { messageId, count } of found) {
    if (messageId === place.messageId) return place.index < count ? before + place.index + 1 : null;
    before += count;
  }
  return null;
}

/** The next place, or the one before; beyond the last one it is the first, and the other way round. */
export function neighbour(
  found: readonly FoundMessage[],
  place: FoundPlace,
  step: 1 | -1,
): FoundPlace | undefined {
  const total = totalOf(found);
  const number = numberOf(found, place);
  if (number === null || total === 0) return undefined;
  return placeAt(found, (number - 1 + step + total) % total);
}

function placeAt(found: readonly FoundMessage[], at: number): FoundPlace | undefined {
  let rest = at;
  for (const { messageId, count } of found) {
    if (rest < count) return { messageId, index: rest };
    rest -= count;
  }
  return undefined;
}

/**
 * The place to begin with: where one is already, else the first one from a message on, else the first of all.
 * @param path ids of the messages that are shown, oldest first
 * @param fromId the first message in view
 */
export function firstPlace(
  found: readonly FoundMessage[],
  path: readonly string[],
  fromId: string | undefined,
  now: FoundPlace | null,
): FoundPlace | null {
  const same = found.find(({ messageId }) => messageId === now?.messageId);
  if (now !== null && same !== undefined) return { ...now, index: Math.min(now.index, same.count - 1) };
  const at = new Map(path.map((id, index) => [id, index]));
  const from = at.get(fromId ?? '') ?? 0;
  const first = found.find(({ messageId }) => (at.get(messageId) ?? -1) >= from) ?? found[0];
  return first === undefined ? null : { messageId: first.messageId, index: 0 };
}

/** With the reply that is being written, of which main knows what was saved last only. It ends the active path. */
export function withLive(
  found: readonly FoundMessage[],
  messageId: string,
  count: number,
): readonly FoundMessage[] {
  const others = found.filter((each) => each.messageId !== messageId);
  if (count === 0) return others;
  const end = others.findLastIndex(({ isOnPath }) => isOnPath) + 1;
  return [...others.slice(0, end), { messageId, count, isOnPath: true }, ...others.slice(end)];
}
