/** Owns how the finds of a search become the rows of a list; draws nothing. */
import type { FoundChat, SearchHit } from '../../preload/contract/search.js';

/** Hits of one chat that are shown before the rest is asked for. */
const firstHits = 3;

/** A row that can be chosen: a chat by its title, a message in it, or the rest of its messages. */
export type Row =
  | { readonly kind: 'chat'; readonly chat: FoundChat }
  | { readonly kind: 'hit'; readonly chat: FoundChat; readonly hit: SearchHit }
  | { readonly kind: 'rest'; readonly chat: FoundChat; readonly count: number };

/** The chats with what was found among older messages: those of a chat that is there already go to it. */
export function withOlder(known: readonly FoundChat[], older: readonly FoundChat[]): FoundChat[] {
  const byId = new Map(older.map((chat) => [chat.chatId, chat]));
  const joined = known.map((chat) => {
    const more = byId.get(chat.chatId);
    if (more === undefined) return chat;
    byId.delete(chat.chatId);
    return { ...chat, hits: [...chat.hits, ...more.hits] };
  });
  return [...joined, ...byId.values()];
}

/** @param unfolded ids of the chats that show all of their hits */
export function rowsOf(chats: readonly FoundChat[], unfolded: ReadonlySet<string>): Row[] {
  return chats.flatMap((chat): Row[] => {
    const isFolded = chat.hits.length > firstHits + 1 && !unfolded.has(chat.chatId);
    const hits = isFolded ? chat.hits.slice(0, firstHits) : chat.hits;
    const rows: Row[] = [{ kind: 'chat', chat }, ...hits.map((hit) => ({ kind: 'hit', chat, hit }) as const)];
    if (isFolded) rows.push({ kind: 'rest', chat, count: chat.hits.length - firstHits });
    return rows;
  });
}
