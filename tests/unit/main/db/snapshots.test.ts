import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries } from '../../../../main/db/queries.js';
import { listSnapshots, makeSnapshot } from '../../../../main/db/snapshots.js';
import {
  expendable,
  parseSnapshotName,
  snapshotName,
  surplus,
  type SnapshotFacts,
} from '../../../../main/db/snapshot-names.js';
import type { BackupReason } from '../../../../preload/contract/backups.js';
import { leafPages, wipePage, writeChats } from '../../../fixtures/chat-database.js';

let home: string;
let path: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'snapshots-'));
  path = join(home, 'altiplano.db');
  folder = join(home, 'backups');
});
afterEach(() => rmSync(home, { recursive: true }));

describe('making one', () => {
  test('while the database is open and written: the copy is whole, alone, and says what is in it', async () => {
    writeChats(path, 3, 4);
    const db = openDatabase(path);
    const queries = makeQueries(db);
    const making = makeSnapshot(path, folder, 'manual');
    const { id: chatId } = queries.createChat();
    for (let index = 0; index < 20; index++) {
      queries.addMessage({ chatId, parentId: null, role: 'user', text: `${index}`, model: null });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const made = await making;
    db.close();
    expect(made?.reason).toBe('manual');
    expect(readdirSync(folder)).toEqual([made?.id]);
    const copy = new Sqlite(join(folder, made!.id), { readonly: true });
    const messages = copy.prepare('SELECT count(*) FROM messages').pluck().get();
    copy.close();
    expect(messages).toBe(made?.messages);
    expect(listSnapshots(folder)).toEqual([made]);
    expect(readdirSync(folder)).toEqual([made?.id]);
  });

  test('of nothing, nothing is kept', async () => {
    openDatabase(path).close();
    expect(await makeSnapshot(path, folder, 'daily')).toBeNull();
    expect(listSnapshots(folder)).toEqual([]);
  });

  test('of a damaged database, none is kept, the ones before stay, and it is told', async () => {
    writeChats(path, 20, 20, 'many llamas '.repeat(40));
    const good = await makeSnapshot(path, folder, 'daily');
    wipePage(path, leafPages(path, 'messages')[5]!);
    const bytes = readFileSync(path);
    await expect(makeSnapshot(path, folder, 'daily')).rejects.toMatchObject({ code: 'database-damaged' });
    expect(readdirSync(folder)).toEqual([good?.id]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('what an earlier one left unfinished is no snapshot, and goes', async () => {
    writeChats(path, 1, 2);
    await makeSnapshot(path, folder, 'daily');
    writeFileSync(join(folder, 'unfinished.part'), 'half of a copy');
    expect(listSnapshots(folder)).toHaveLength(1);
    await makeSnapshot(path, folder, 'daily');
    expect(existsSync(join(folder, 'unfinished.part'))).toBe(false);
  });
});

describe('names', () => {
  const facts: Omit<SnapshotFacts, 'id'> = {
    ...{ madeAt: Date.UTC(2026, 10, 25, 4, 30, 9), reason: 'update', version: 51 },
    ...{ chats: 12, messages: 3400 },
  };

  test('say it all, to people and to the list', () => {
    const name = snapshotName(facts);
    expect(name).toBe('altiplano 2026-11-25T04-30-09Z update v51 12 chats 3400 messages.db');
    expect(parseSnapshotName(name)).toEqual({ id: name, ...facts });
  });

  test('other files, and ways out of the folder, are none', () => {
    for (const name of ['altiplano.db', 'damaged 2026-11-25T04-30-09Z.db', `../${snapshotName(facts)}`])
      expect(parseSnapshotName(name)).toBeNull();
  });
});

describe('keeping', () => {
  const at = (days: number, reason: BackupReason = 'daily', version = 51): SnapshotFacts => ({
    ...{ id: `${days} ${reason} ${version}`, madeAt: Date.UTC(2026, 10, 25) + days * 86_400_000, reason },
    ...{ version, chats: 1, messages: 1 },
  });
  const ids = (snapshots: readonly SnapshotFacts[]) => snapshots.map(({ id }) => id);

  test('seven days, four weeks, and nothing that people made', () => {
    const days = Array.from({ length: 60 }, (_, index) => at(-index));
    const old = at(-500, 'manual');
    const gone = new Set(ids(surplus([...days, old])));
    const kept = ids([...days, old]).filter((id) => !gone.has(id));
    // 25 November 2026 is a Wednesday: the weeks before end on the 22nd, the 15th and the 8th.
    expect(kept).toEqual([
      ...[0, -1, -2, -3, -4, -5, -6].map((day) => at(day).id),
      ...[-10, -17].map((day) => at(day).id),
      old.id,
    ]);
  });

  test('the last before each of three updates, and the last three before a restore', () => {
    const updates = [at(-9, 'update', 10), at(-8, 'update', 20), at(-7, 'update', 20), at(-6, 'update', 30)];
    const restores = [-4, -3, -2, -1].map((day) => at(day, 'restore'));
    expect(ids(surplus([...updates, ...restores]))).toEqual([at(-4, 'restore').id, at(-8, 'update', 20).id]);
    expect(ids(surplus([...updates, at(0, 'update', 40)]))).toContain(at(-9, 'update', 10).id);
  });

  test('for lack of space the oldest go first, never the newest, never what people made', () => {
    const snapshots = [at(0), at(-1), at(-2, 'manual'), at(-3, 'update'), at(-9)];
    expect(ids(expendable(snapshots))).toEqual(ids([at(-9), at(-3, 'update'), at(-1)]));
    expect(expendable([at(0)])).toEqual([]);
  });
});
