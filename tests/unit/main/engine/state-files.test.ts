import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StateFiles } from '../../../../main/engine/state-files.js';

let home: string;
let folder: string;
let files: StateFiles;
const open = () => {
  const opened = new StateFiles(folder);
  opened.limit(1000);
  return opened;
};
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'states-'));
  folder = join(home, 'cache', 'states');
  files = open();
});
afterEach(() => rmSync(home, { recursive: true }));

const range = (from: number, length: number) => Array.from({ length }, (_, index) => from + index);
const add = (key: string, tokens: number[], bytes = 'state', about = bytes.length) =>
  files.add({ key, tokens, batches: null }, about, async (path) => writeFileSync(path, bytes));
/** The one file of a kind. */
const file = (kind: string) =>
  join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(kind))!,
  );

test('what was written is found again after a restart, under its key alone', async () => {
  await add('mine', range(0, 200));
  const again = open();
  expect(again.list('other')).toEqual([]);
  const [state] = again.list('mine');
  expect(state?.tokens).toEqual(range(0, 200));
  expect(readFileSync((await again.open(state!))!, 'utf8')).toBe('state');
  expect(again.usage()).toEqual({ states: 1, sizeBytes: 5 });
});

const damages: Record<string, () => void> = {
  'a changed byte in the state': () => writeFileSync(file('.state'), 'stale'),
  'a shorter state': () => writeFileSync(file('.state'), 'stat'),
  'a longer state': () => writeFileSync(file('.state'), 'state!'),
  'no state': () => rmSync(file('.state')),
  'another key in the record': () => rewriteRecord('"other"', '"mine"'),
  'other tokens in the record': () => rewriteRecord('[0,1,', '[0,2,'),
  'a record that is cut off': () => writeFileSync(file('.json'), readFileSync(file('.json')).subarray(0, -9)),
  'a record that is no record': () => writeFileSync(file('.json'), '[]'),
};
function rewriteRecord(from: string, to: string): void {
  const before = readFileSync(file('.json'), 'utf8');
  expect(before).toContain(from);
  writeFileSync(file('.json'), before.replace(from, to));
}

test.each(Object.keys(damages))('%s: not trusted, and removed', async (name) => {
  await add('other', range(0, 200));
  damages[name]!();
  files = open();
  for (const state of [...files.list('mine'), ...files.list('other')]) {
    expect(await files.open(state)).toBeNull();
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('a state that is damaged while the app runs is not trusted either', async () => {
  await add('mine', range(0, 200));
  const [state] = files.list('mine');
  writeFileSync(file('.state'), 'stale');
  expect(await files.open(state!)).toBeNull();
  expect(files.usage().states).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('an engine that is killed while it writes leaves nothing that counts', async () => {
  const writing = new Promise<void>((begun) => {
    void files.add({ key: 'mine', tokens: range(0, 200), batches: null }, 5, (path) => {
      writeFileSync(path, 'half');
      begun();
      return new Promise(() => undefined);
    });
  });
  await writing;
  files = open();
  expect(files.list('mine')).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test('what a crash left behind is removed: parts, states without a record', async () => {
  await add('mine', range(0, 200));
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  writeFileSync(join(folder, `${id}.part`), 'half');
  writeFileSync(join(folder, `${id.replace('0', 'f')}.state`), 'whole, but without a record');
  writeFileSync(join(folder, 'notes.txt'), 'not ours');
  files = open();
  expect(files.usage().states).toBe(1);
  expect(
    readdirSync(folder)
      .map((name) => name.split('.').at(-1))
      .sort(),
  ).toEqual(['json', 'state', 'txt']);
});

test('a state that goes on from another takes its place', async () => {
  await add('mine', range(0, 200));
  await add('mine', range(0, 300));
  await add('other', range(0, 400));
  expect(files.list('mine').map(({ tokens }) => tokens.length)).toEqual([300]);
  expect(files.list('other')).toHaveLength(1);
});

test('the budget holds, the least recently used goes first, also across restarts', async () => {
  files.limit(10);
  await add('a', range(0, 200));
  await add('b', range(0, 200));
  const record = (key: string) =>
    readdirSync(folder).find(
      (name) => name.endsWith('.json') && readFileSync(join(folder, name), 'utf8').includes(`"${key}"`),
    )!;
  utimesSync(join(folder, record('a')), 1, 1);
  utimesSync(join(folder, record('b')), 2, 2);
  files = new StateFiles(folder);
  files.limit(10);
  await files.open(files.list('a')[0]!);
  await add('c', range(0, 200));
  expect(['a', 'b', 'c'].map((key) => files.list(key).length)).toEqual([1, 0, 1]);
  expect(files.limit(4)).toEqual({ states: 0, sizeBytes: 0 });
  expect(readdirSync(folder)).toEqual([]);
});

test('a state that can’t fit is not written, and costs no other its place', async () => {
  files.limit(10);
  await add('a', range(0, 200));
  let written = false;
  await files.add({ key: 'b', tokens: range(0, 200), batches: null }, 11, async () => void (written = true));
  expect(written).toBe(false);
  expect(files.list('a')).toHaveLength(1);
  files.limit(0);
  await add('a', range(0, 200));
  expect(files.usage().states).toBe(0);
});

test('a write that fails leaves nothing behind, and what was there stays', async () => {
  await add('mine', range(0, 200));
  const failing = files.add({ key: 'mine', tokens: range(0, 400), batches: null }, 5, async (path) => {
    writeFileSync(path, 'half');
    throw new Error('the disk is full');
  });
  await expect(failing).rejects.toThrow('the disk is full');
  expect(files.list('mine').map(({ tokens }) => tokens.length)).toEqual([200]);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a folder that can’t be made is an error of the write alone', async () => {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'cache'), 'a file in the way');
  files = open();
  await expect(add('mine', range(0, 200))).rejects.toThrow();
  expect(files.usage()).toEqual({ states: 0, sizeBytes: 0 });
});
