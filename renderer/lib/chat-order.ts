/** Owns the order of the list of chats; pure. */
import { locale } from '../../preload/contract/language.js';
import type { ChatsChange } from '../../preload/contract/chat-list.js';
import type { Chat } from '../../preload/contract/chats.js';
import type { Settings } from '../../preload/contract/settings.js';

export type ChatOrder = Settings['chatOrder'];

const titles = new Intl.Collator(locale(), { numeric: true });
const byAge = (a: Chat, b: Chat) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const comparisons: Readonly<Record<ChatOrder, (a: Chat, b: Chat) => number>> = {
  used: (a, b) => b.updatedAt - a.updatedAt || byAge(a, b),
  created: (a, b) => b.createdAt - a.createdAt || byAge(a, b),
  title: (a, b) => titles.compare(a.title, b.title) || byAge(a, b),
};

export const inOrder = (chats: readonly Chat[], order: ChatOrder): readonly Chat[] =>
  [...chats].sort(comparisons[order]);

/** The list after a change. What is in order already costs one comparison each, however long the list is. */
export function withChange(
  chats: readonly Chat[],
  { upserted, removed }: ChatsChange,
  order: ChatOrder,
): readonly Chat[] {
  const replaced = new Set([...removed, ...upserted.map(({ id }) => id)]);
  const others = chats.filter(({ id }) => !replaced.has(id));
  return inOrder([...upserted, ...others], order);
}
