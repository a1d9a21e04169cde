/** The list of downloads over a real database: order, limits, pause, cancel with its way back, and a new start of the app. */
import Sqlite from 'better-sqlite3';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeDownloadQueries } from '../../../../../main/db/downloads.js';
import { migrate } from '../../../../../main/db/migrate.js';
import { makeModelFileQueries } from '../../../../../main/db/model-files.js';
import type { ToThread } from '../../../../../main/models/download/protocol.js';
import { DownloadQueue } from '../../../../../main/models/download/queue.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import type { Download, DownloadRequest } from '../../../../../preload/contract/downloads.js';

let folder: string;
let db: Sqlite.Database;
let posted: ToThread[];
let shown: Download[];
let settings = { downloadsAtOnce: 1, downloadMegabytesPerSecond: 0, offline: false };

function open(): DownloadQueue {
  const downloads = makeDownloadQueries(db);
  const files = makeModelFileQueries(db);
  return new DownloadQueue({
    folder,
    db: {
      listDownloads: async () => downloads.list(),
      saveDownload: async (record) => downloads.save(record),
      removeDownload: async (id) => downloads.remove(id),
      saveModelRecord: async (change) => files.saveRecord(change),
    },
    transfers: { post: (message) => posted.push(message) },
    settings: () => settings,
    credential: async () => null,
    onChange: (list) => (shown = list),
  });
}
let queue: DownloadQueue;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(join(tmpdir(), 'queue-'));
  db = new Sqlite(':memory:');
  migrate(db);
  posted = [];
  settings = { downloadsAtOnce: 1, downloadMegabytesPerSecond: 0, offline: false };
  queue = open();
});
afterEach(() => {
  vi.useRealTimers();
  db.close();
  rmSync(folder, { recursive: true });
});

const request = (name: string): DownloadRequest => ({
  name,
  source: 'someone/model@main',
  files: [
    { url: `https://hub.example/${name}.gguf`, fileName: `${name}.gguf`, sizeBytes: 100, sha256: null },
  ],
});
const states = () => shown.map(({ name, state }) => `${name} ${state}`);
const started = () =>
  posted.filter(({ kind }) => kind === 'start').map((message) => ('id' in message ? message.id : ''));
const settle = () => vi.advanceTimersByTimeAsync(1);
const sha256 = 'a'.repeat(64);

test('as many as the settings allow run, in order; the next starts when one is done', async () => {
  const a = await queue.start(request('a'));
  const b = await queue.start(request('b'));
  await settle();
  expect(states()).toEqual(['a running', 'b queued']);
  expect(started()).toEqual([a.id]);
  queue.heard({ kind: 'file', id: a.id, index: 0, fetched: { sizeBytes: 100, sha256 } });
  queue.heard({ kind: 'ended', id: a.id, error: null });
  await settle();
  expect(states()).toEqual(['a done', 'b running']);
  expect(shown[0]?.paths).toEqual([join(folder, 'a.gguf')]);
  expect(started()).toEqual([a.id, b.id]);
  const record = makeModelFileQueries(db).listRecords()[0];
  expect(record).toMatchObject({
    path: join(folder, 'a.gguf'),
    sha256,
    origin: 'someone/model@main',
    verifiedAt: null,
  });
  await queue.clearFinished();
  expect(states()).toEqual(['b running']);
});

test('one that waits leaves its place, and another limit is in force at once', async () => {
  const a = await queue.start(request('a'));
  await queue.start(request('b'));
  await queue.start(request('c'));
  await settle();
  queue.heard({
    ...{ kind: 'progress', id: a.id },
    progress: {
      receivedBytes: 10,
      sizeBytes: 100,
      bytesPerSecond: 0,
      isWaiting: true,
      note: 'no network',
      retryAtMs: 5,
    },
  });
  expect(states()).toEqual(['a waiting', 'b running', 'c queued']);
  expect(shown[0]).toMatchObject({ note: 'no network', retryAtMs: 5, receivedBytes: 10 });
  settings = { ...settings, downloadsAtOnce: 3, downloadMegabytesPerSecond: 2 };
  queue.settingsChanged();
  expect(states()[2]).toBe('c running');
  expect(posted).toContainEqual({ kind: 'limit', bytesPerSecond: 2e6 });
});

test('the order can be changed and is kept', async () => {
  for (const name of ['a', 'b', 'c']) await queue.start(request(name));
  queue.move(shown[2]!.id, -1);
  expect(states()).toEqual(['a running', 'c queued', 'b queued']);
  queue.move(shown[0]!.id, -1);
  queue = open();
  await queue.open();
  expect(states()).toEqual(['a running', 'c queued', 'b queued']);
});

test('pause stops and stays; resume goes on', async () => {
  const { id } = await queue.start(request('a'));
  await settle();
  queue.pause(id);
  expect(states()).toEqual(['a paused']);
  expect(posted.at(-1)).toEqual({ kind: 'stop', id });
  queue.resume(id);
  // Not twice at once: it starts again when the first run has stopped.
  expect(started()).toHaveLength(1);
  queue.heard({ kind: 'ended', id, error: { code: 'cancelled', message: 'Stopped.' } });
  await settle();
  expect(started()).toHaveLength(2);
});

test('a failure is shown and can be tried again', async () => {
  const { id } = await queue.start(request('a'));
  await settle();
  queue.heard({ kind: 'ended', id, error: { code: 'server-refused', message: 'no such file' } });
  expect(shown[0]).toMatchObject({ state: 'failed', error: { message: 'no such file' } });
  queue.resume(id);
  expect(shown[0]).toMatchObject({ state: 'running', error: null });
});

test('after a new start of the app everything goes on that was not paused', async () => {
  settings = { ...settings, downloadsAtOnce: 2, downloadMegabytesPerSecond: 0 };
  const a = await queue.start(request('a'));
  const b = await queue.start(request('b'));
  queue.pause(b.id);
  await settle();
  posted = [];
  queue = open();
  expect((await queue.list()).map(({ state }) => state)).toEqual(['running', 'paused']);
  await settle();
  expect(started()).toEqual([a.id]);
});

test('a cancelled one can come back for a minute; then its part is removed', async () => {
  mkdirSync(folder, { recursive: true });
  const part = join(folder, 'a.gguf.part');
  writeFileSync(part, 'half');
  const { id } = await queue.start(request('a'));
  queue.cancel(id);
  expect(shown).toEqual([]);
  queue.restore(id);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(shown).toHaveLength(1);
  expect(existsSync(part)).toBe(true);
  queue.cancel(id);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(existsSync(part)).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(existsSync(part)).toBe(false));
  await vi.waitFor(() => expect(makeDownloadQueries(db).list()).toEqual([]));
});

test('the same file is not fetched twice at once, and names are made safe', async () => {
  const bad = request('a');
  await queue.start({ ...bad, files: [{ ...bad.files[0]!, fileName: '../../etc/a.gguf' }] });
  await settle();
  expect(posted.find(({ kind }) => kind === 'start')).toMatchObject({
    files: [{ path: join(folder, 'a.gguf') }],
  });
  await expect(queue.start(request('A'))).rejects.toMatchObject({ code: 'busy' });
  const two = { ...request('x'), files: [...request('y').files, ...request('y').files] };
  await expect(queue.start(two)).rejects.toMatchObject({ code: 'bad-input' });
});

test('offline what runs stops and says why, and all go on when online again', async () => {
  const { id } = await queue.start(request('a'));
  await queue.start(request('b'));
  await settle();
  queue.heard({
    ...{ kind: 'progress', id },
    progress: {
      ...{ receivedBytes: 7, sizeBytes: 100, bytesPerSecond: 9 },
      isWaiting: false,
      note: null,
      retryAtMs: null,
    },
  });
  settings = { ...settings, offline: true };
  queue.settingsChanged();
  expect(posted.at(-1)).toEqual({ kind: 'stop', id });
  // A request that came to the gate before the stop did.
  queue.heard({ kind: 'ended', id, error: { code: 'offline', message: 'Altiplano went offline.' } });
  await settle();
  expect(started()).toEqual([id]);
  expect(shown).toMatchObject([
    {
      state: 'waiting',
      receivedBytes: 7,
      bytesPerSecond: 0,
      note: expect.stringContaining('offline'),
      error: null,
    },
    { state: 'waiting', note: expect.stringContaining('goes on when you go online') },
  ]);

  const again = open();
  await again.open();
  await settle();
  expect(started()).toEqual([id]);
  expect(states()).toEqual(['a waiting', 'b waiting']);
  settings = { ...settings, offline: false };
  again.settingsChanged();
  await settle();
  expect(started()).toEqual([id, id]);
});

test('when the machine wakes the thread is told, where it has something to do', async () => {
  const { id } = await queue.start(request('a'));
  await settle();
  queue.woke();
  expect(posted.at(-1)).toEqual({ kind: 'woke' });
  queue.pause(id);
  queue.heard({ kind: 'ended', id, error: { code: 'cancelled', message: 'Stopped.' } });
  posted = [];
  queue.woke();
  expect(posted).toEqual([]);
});

test('a thread that dies leaves a reason', async () => {
  const { id } = await queue.start(request('a'));
  await settle();
  queue.threadDied(AppError.from(new Error('out of memory')));
  expect(shown[0]).toMatchObject({ id, state: 'failed', error: { message: 'out of memory' } });
});
