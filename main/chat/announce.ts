/** Owns telling the page which chats of its list are new, changed or gone; never sends the whole list. */
import type { Database } from '../db/client.js';
import type { Broadcast } from '../ipc/router.js';

/** Reads the chats as they are now and tells the page; a chat that is not there any more left the list. */
export async function announceChats(
  { db, broadcast }: { readonly db: Pick<Database, 'findChats'>; readonly broadcast: Broadcast },
  chatIds: readonly string[],
): Promise<void> {
  const upserted = await db.findChats(chatIds);
  const found = new Set(upserted.map(({ id }) => id));
  broadcast('chats.changed', { upserted, removed: chatIds.filter((id) => !found.has(id)) });
}
