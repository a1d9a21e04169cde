/** Owns how messages of the app's own format become those of the neutral structure: all that they have is kept. */
import type { OwnMessage } from '../own-format.js';
import { link } from './links.js';
import type { ImportedMessage } from './neutral.js';

export function toMessages(own: readonly OwnMessage[], leafId: string | null) {
  const { ordered, byId, repaired } = link(own);
  const placeOf = new Map(ordered.map((node, at) => [node, at]));
  const messages = ordered.map(({ item, parent }): ImportedMessage => {
    const { id: _id, parentId: _parentId, attachments, ...message } = item;
    return {
      ...message,
      parent: parent === null ? null : placeOf.get(parent)!,
      attachments: attachments.map(({ createdAt: _, ...attachment }) => attachment),
    };
  });
  const leaf = leafId === null ? undefined : byId.get(leafId);
  return { messages, leaf: leaf === undefined ? lastOf(messages) : placeOf.get(leaf)!, repaired };
}

/** Without a path that was shown, the last of the newest. */
const lastOf = (messages: readonly unknown[]): number | null =>
  messages.length === 0 ? null : messages.length - 1;
