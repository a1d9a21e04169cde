/** Restoring, and rescuing what a damaged file still has, with real files; the maintenance thread's work is done here. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Backups } from '../../../../main/db/backups.js';
import { countRecords, mend } from '../../../../main/db/integrity.js';
import { doTask } from '../../../../main/db/maintenance-tasks.js';
import { openDatabase, wasInterrupted } from '../../../../main/db/open.js';
import type { ErrorData } from '../../../../preload/contract/errors.js';
import { leafPages, meddle, wipePage, writeChats } from '../../../fixtures/chat-database.js';

let home: string;
let path: string;
let folder: string;
let failure: ErrorData | null;
let isInterrupted: boolean;
let told: ErrorData[];
let stops: number;
let backups: Backups;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'backups-'));
  path = join(home, 'altiplano.db');
  folder = join(home, 'backups');
  failure = null;
  isInterrupted = false;
  told = [];
  stops = 0;
  backups = new Backups({
    db: {
      opening: async () => ({ isInterrupted, failure, warning: null }),
      whileClosed: (work) => work(),
      mendRecords: async () => {
        const db = openDatabase(path);
        const mended = mend(db);
        db.close();
        return mended;
      },
    },
    database: path,
    folder,
    maintenance: doTask,
    isBusy: () => false,
    stopWriting: async () => void stops++,
    tell: (problem) => void told.push(problem),
    settings: { keep: async () => undefined, take: async () => undefined },
  });
});
afterEach(() => {
  backups.close();
  rmSync(home, { recursive: true });
});

const present = () => {
  const db = openDatabase(path);
  const counts = countRecords(db);
  db.close();
  return counts;
};
const texts = () => {
  const db = openDatabase(path);
  const found = db.prepare<[], string>('SELECT text FROM messages ORDER BY id').pluck().all();
  db.close();
  return found;
};
const many = 'many llamas '.repeat(30);

describe('restoring', () => {
  test('brings the backup back, and keeps what was there as a backup', async () => {
    writeChats(path, 2, 4);
    const made = await backups.make();
    writeChats(path, 1, 6);
    expect(await backups.list()).toMatchObject({ present: { chats: 3, messages: 14 }, backups: [made] });
    await backups.restore(made!.id, true);
    expect(stops).toBe(1);
    expect(present()).toEqual({ chats: 2, messages: 8 });
    const [kept] = (await backups.list()).backups;
    expect(kept).toMatchObject({ reason: 'restore', chats: 3, messages: 14 });
    await backups.restore(kept!.id, true);
    expect(present()).toEqual({ chats: 3, messages: 14 });
  });

  test('a backup that is gone, no backup, or damaged changes nothing', async () => {
    writeChats(path, 2, 4);
    const made = await backups.make();
    writeFileSync(join(folder, made!.id), 'no database. '.repeat(1000));
    for (const id of [made!.id, '../altiplano.db', made!.id.replace('2 chats', '9 chats')])
      await expect(backups.restore(id, true)).rejects.toThrow();
    expect(present()).toEqual({ chats: 2, messages: 8 });
    expect(readdirSync(home).sort()).toEqual(['altiplano.db', 'backups']);
  });

  test('a backup of a newer version is refused', async () => {
    writeChats(path, 2, 4);
    const made = await backups.make();
    meddle(join(folder, made!.id), 'PRAGMA user_version = 9000');
    await expect(backups.restore(made!.id, true)).rejects.toMatchObject({ code: 'database-newer' });
    expect(present()).toEqual({ chats: 2, messages: 8 });
  });
});

describe('a damaged file', () => {
  const damage = (pages: readonly number[]) => {
    for (const page of pages) wipePage(path, page);
    failure = { code: 'database-damaged', message: 'damaged' };
    return readFileSync(path);
  };

  test('its readable chats and messages are added to the backup; it is kept aside as it is', async () => {
    writeChats(path, 2, 4);
    const made = await backups.make();
    writeChats(path, 20, 20, many);
    const before = present();
    const leaves = leafPages(path, 'messages');
    const bytes = damage([leaves[4]!, leaves[9]!]);
    const { rescued, keptAside } = await backups.restore(made!.id, true);
    const after = present();
    expect(after).toEqual({ chats: 2 + rescued.chats, messages: 8 + rescued.messages });
    expect(after.chats).toBe(before.chats);
    // Two of many pages are gone.
    expect(after.messages).toBeGreaterThan(before.messages - 50);
    expect(after.messages).toBeLessThan(before.messages);
    expect(readFileSync(keptAside!).equals(bytes)).toBe(true);
    const db = openDatabase(path);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    db.close();
  });

  test('not even its tables can be read: the backup comes back alone', async () => {
    writeChats(path, 2, 4);
    const made = await backups.make();
    writeChats(path, 1, 4);
    damage([1]);
    expect(await backups.restore(made!.id, true)).toMatchObject({ rescued: { chats: 0, messages: 0 } });
    expect(present()).toEqual({ chats: 2, messages: 8 });
  });

  test('without any backup: what can be read goes into an empty database, or nothing does', async () => {
    writeChats(path, 20, 20, many);
    const [first] = leafPages(path, 'messages');
    damage([first!]);
    const { keptAside } = await backups.restore(null, true);
    const rescued = texts();
    expect(rescued.length).toBeGreaterThan(380);
    expect(rescued.every((text) => text.endsWith(many))).toBe(true);
    rmSync(path);
    renameSync(keptAside!, path);
    expect(await backups.restore(null, false)).toMatchObject({ rescued: { chats: 0, messages: 0 } });
    expect(present()).toEqual({ chats: 0, messages: 0 });
  });

  test('what only turns out when it is to be kept is rescued too', async () => {
    writeChats(path, 20, 20, many);
    const made = await backups.make();
    writeChats(path, 1, 2);
    damage([leafPages(path, 'messages')[3]!]);
    failure = null;
    const { rescued, keptAside } = await backups.restore(made!.id, true);
    expect(rescued).toEqual({ chats: 1, messages: 2 });
    expect(keptAside).not.toBeNull();
  });
});

describe('after an end that was not clean', () => {
  test('a sound database is told of to nobody', async () => {
    writeChats(path, 2, 4);
    isInterrupted = true;
    await backups.start();
    expect(told).toEqual([]);
  });

  test('damaged pages and damaged records are told, with a way on', async () => {
    const [chat] = writeChats(path, 20, 20, many);
    meddle(path, `UPDATE messages SET role = 'oracle' WHERE id = '${chat!.messageIds[0]}'`);
    isInterrupted = true;
    await backups.start();
    expect(told.map(({ message }) => message)).toEqual([
      'One record of your chats is damaged; it is shown as far as possible.',
    ]);
    expect(told[0]?.hint).toContain('Settings, Backups');
    expect(await backups.mend()).toBe(1);
    expect((await backups.list()).backups).toHaveLength(1);
    wipePage(path, leafPages(path, 'messages')[3]!);
    await backups.check();
    expect(told.at(-1)?.message).toBe('The file with your chats is damaged in places.');
  });

  test('what tells it: the log of a database that was not closed', () => {
    writeChats(path, 1, 2);
    expect(wasInterrupted(path)).toBe(false);
    const db = new Sqlite(path);
    db.prepare('SELECT count(*) FROM chats').get();
    expect(wasInterrupted(path)).toBe(true);
    db.close();
    expect(wasInterrupted(path)).toBe(false);
  });
});
