/** Owns how long the trash keeps what is in it; deletes it for good after that, a little at a time. */
import { trashDays } from '../../preload/contract/trash-days.js';
import type { Database } from './client.js';

const dayMs = 86_400_000;
/** Between two pieces of the work, for what else is asked of the database. */
const restMs = 50;

/** @param nowMs the time now */
export async function removeOldTrash(
  db: Pick<Database, 'removeOldTrash'>,
  nowMs: number = Date.now(),
): Promise<void> {
  while (await db.removeOldTrash(nowMs - trashDays * dayMs))
    await new Promise((resolve) => setTimeout(resolve, restMs));
}
