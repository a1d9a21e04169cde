/** Owns deleting for good what lay in the trash for its time, a little at a time. */
import type { Database } from './client.js';

/** Between two pieces of the work, for what else is asked of the database. */
const restMs = 50;

/** @param nowMs the time now */
export async function removeOldTrash(
  db: Pick<Database, 'removeOldTrash'>,
  nowMs: number = Date.now(),
): Promise<void> {
  while (await db.removeOldTrash(nowMs)) await new Promise((resolve) => setTimeout(resolve, restMs));
}
