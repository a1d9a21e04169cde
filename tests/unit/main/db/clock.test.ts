/** A clock that jumps: order, trash and backups hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Backups } from '../../../../main/db/backups.js';
import { doTask } from '../../../../main/db/maintenance-tasks.js';
import { removeOldTrash } from '../../../../main/db/old-trash.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries } from '../../../../main/db/queries.js';
import { listSnapshots, makeSnapshot } from '../../../../main/db/snapshots.js';
import { writeChats } from '../../../fixtures/chat-database.js';

const dayMs = 86_400_000;
let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clock-'));
  path = join(home, 'altiplano.db');
  vi.useFakeTimers({ toFake: ['Date'] });
  // Later than any id of another test of this process.
  vi.setSystemTime(Date.UTC(2040, 0, 1));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true });
});

const jump = (days: number) => vi.setSystemTime(Date.now() + days * dayMs);

test('after the clock was set back, and a restart, ids still sort by age, and a chat can be copied', async () => {
  const [chat] = writeChats(path, 1, 2);
  jump(-400);
  // A process that starts now knows no time but the clock's.
  vi.resetModules();
  const { openDatabase: openAfresh } = await import('../../../../main/db/open.js');
  const { makeQueries: makeAfresh } = await import('../../../../main/db/queries.js');
  const db = openAfresh(path);
  const queries = makeAfresh(db);
  const { chatId, messageIds } = chat!;
  const of = { chatId, model: null, text: 'after' } as const;
  const asked = queries.addMessage({ ...of, parentId: messageIds.at(-1)!, role: 'user' });
  const reply = queries.addMessage({ ...of, parentId: asked.id, role: 'assistant' });
  const ids = [...messageIds, asked.id, reply.id];
  expect([...ids].sort()).toEqual(ids);
  expect(queries.openThread(chatId).messages.map(({ id }) => id)).toEqual(ids);
  const copy = queries.duplicateChat(chatId);
  expect(queries.openThread(copy.id).messages).toHaveLength(4);
  db.close();
});

test('a clock that jumps ahead empties no trash; thirty days of use do', async () => {
  const [chat] = writeChats(path, 1, 2);
  const db = openDatabase(path);
  const queries = makeQueries(db);
  queries.removeChats([chat!.chatId]);
  const clear = () => removeOldTrash({ removeOldTrash: async (nowMs) => queries.removeOldTrash(nowMs) });
  jump(2000);
  await clear();
  expect(queries.listTrash()).toHaveLength(1);
  jump(-2000);
  await clear();
  expect(queries.listTrash()).toHaveLength(1);
  jump(31);
  queries.createChat();
  await clear();
  expect(queries.listTrash()).toEqual([]);
  db.close();
});

test('after a backup that is dated ahead, daily ones go on', async () => {
  writeChats(path, 1, 2);
  jump(3650);
  await makeSnapshot(path, join(home, 'backups'), 'daily');
  jump(-3650);
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  const backups = new Backups({
    db: {
      opening: async () => ({ isInterrupted: false, failure: null, warning: null }),
      whileClosed: (work) => work(),
      mendRecords: () => Promise.reject(new Error('unused')),
    },
    ...{ database: path, folder: join(home, 'backups'), maintenance: doTask },
    isBusy: () => false,
    stopWriting: () => Promise.resolve(),
    tell: () => undefined,
    settings: { keep: () => Promise.resolve(), take: () => Promise.resolve() },
  });
  await backups.start();
  await vi.advanceTimersByTimeAsync(120_000);
  vi.useRealTimers();
  await expect.poll(() => listSnapshots(join(home, 'backups')).length).toBe(2);
  backups.close();
});
