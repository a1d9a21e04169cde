/** Owns the crash drill: a program that writes into a copy of the chats is killed again and again, and nothing that it had saved may be missing. */
import { t } from '../../preload/contract/language.js';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DrillOutcome } from '../../preload/contract/backups.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Maintenance } from './maintenance.js';

/** A message as it was saved, told after its commit. */
export type SavedMessage = { readonly id: string; readonly text: string };

export type DrillWriter = {
  /** As SIGKILL does; answers once it is gone. */
  kill(): Promise<void>;
};

export type DrillRooms = {
  readonly database: string;
  /** Where the copy lies for so long: on the disk that is tested. */
  readonly folder: string;
  readonly maintenance: Maintenance;
  readonly startWriter: (database: string, onSaved: (message: SavedMessage) => void) => DrillWriter;
  readonly random?: () => number;
};

const opensWithinMs = 20_000;
/** How long a writer lives at most after its first message. */
const longestMs = 400;

/**
 * @param onProgress told after each kill
 * @throws AppError cancelled; what copying and checking throw
 */
export async function crashDrill(
  { database, folder, maintenance, startWriter, random = Math.random }: DrillRooms,
  kills: number,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<DrillOutcome> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const copied = await maintenance('snapshot', { database, folder, reason: 'manual' });
    const copy = join(folder, copied?.id ?? 'empty.db');
    const before = { chats: copied?.chats ?? 0, messages: copied?.messages ?? 0 };
    const saved = new Map<string, string>();
    let unsound = 0;
    const lost = new Set<string>();
    for (let done = 1; done <= kills; done++) {
      await killOne(copy, saved, startWriter, random() * longestMs);
      if (signal.aborted) throw new AppError({ code: 'cancelled', message: t('The drill was stopped.') });
      const { pages } = await maintenance('check', { database: copy });
      if (pages.length > 0) unsound++;
      for (const id of await maintenance('missing', { database: copy, saved: [...saved] })) lost.add(id);
      onProgress(done);
    }
    const after = await maintenance('count', { database: copy });
    const gone = Math.max(0, before.chats - after.chats) + Math.max(0, before.messages - after.messages);
    return { kills, messages: saved.size, ...{ chats: before.chats, lost: lost.size + gone, unsound } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function killOne(
  copy: string,
  saved: Map<string, string>,
  startWriter: DrillRooms['startWriter'],
  afterMs: number,
): Promise<void> {
  let begun: () => void = () => undefined;
  const writes = new Promise<void>((resolve) => (begun = resolve));
  const writer = startWriter(copy, ({ id, text }) => {
    saved.set(id, text);
    begun();
  });
  const timeout = new AbortController();
  try {
    await Promise.race([writes, delay(opensWithinMs, undefined, { signal: timeout.signal })]);
    await delay(afterMs);
  } finally {
    timeout.abort();
    await writer.kill();
  }
}
