/** Files, folders and archives that chats are read from, on a real disk. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdsChats, scan, type ScanEvent } from '../../../../../main/exchange/import/scan.js';
import { bytesOf, foreignChats, janThread } from '../../../../fixtures/foreign-chats.js';
import { zipFile } from '../../../../fixtures/zip.js';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'altiplano-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function place(name: string, content: Buffer | string): string {
  const path = join(home, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function read(...paths: string[]) {
  const events: ScanEvent[] = [];
  for await (const event of scan({ paths, formats: {} })) events.push(event);
  const chats = events.flatMap((event) => (event.kind === 'chat' ? [event] : []));
  const files = events.flatMap((event) => (event.kind === 'file' ? [event] : []));
  return { chats, errors: files.flatMap(({ error }) => error ?? []), files };
}

const bytes = (id: keyof typeof foreignChats) => bytesOf(foreignChats[id]);

test('a folder with those of several programs, and other files', async () => {
  place('all/lm/sub/1.conversation.json', bytes('lm-studio'));
  place('all/jan/t1/messages.jsonl', bytes('jan'));
  place('all/jan/t1/thread.json', JSON.stringify(janThread));
  place('all/package.json', '{"name": "x"}');
  place('all/notes.txt', 'Dear diary');
  place('all/broken.json', '{{{');
  symlinkSync(join(home, 'all'), join(home, 'all/loop'));
  const { chats, errors } = await read(join(home, 'all'));
  expect(chats.map(({ label, format, chat }) => [label, format, chat.title])).toEqual([
    ['all/jan/t1/messages.jsonl', 'jan', 'Squares'],
    ['all/lm/sub/1.conversation.json', 'lm-studio', 'Squares'],
  ]);
  expect(errors).toEqual([]);
});

test('of Jan either file leads to the chat', async () => {
  const messages = place('t1/messages.jsonl', bytes('jan'));
  const thread = place('t1/thread.json', JSON.stringify(janThread));
  for (const path of [messages, thread]) {
    const { chats } = await read(path);
    expect(chats[0]!.chat.title).toBe('Squares');
  }
});

test('a chosen file without chats, one that is missing, and an empty one are told', async () => {
  const { errors } = await read(place('a.json', '{"a": 1}'), join(home, 'gone.json'), place('b.json', ''));
  expect(errors).toEqual([
    'This file holds no chats of a known format.',
    'This file is not there or can’t be read.',
    'This file is empty.',
  ]);
});

describe('archives', () => {
  const zip = (...entries: Parameters<typeof zipFile>[0]) => place('x.zip', zipFile(entries));

  test('of ChatGPT, with what else is in them', async () => {
    const path = zip(
      { name: 'user.json', data: Buffer.from('{"id": 1}') },
      { name: 'chat.html', data: Buffer.from('<html>') },
      { name: 'sub/conversations.json', data: bytes('chatgpt'), deflated: true },
      { name: 'jan/messages.jsonl', data: bytes('jan'), deflated: true },
      { name: 'jan/thread.json', data: Buffer.from(JSON.stringify(janThread)) },
    );
    const { chats, errors } = await read(path);
    expect(chats.map(({ format, chat }) => [format, chat.title])).toEqual([
      ['chatgpt', 'Squares'],
      ['jan', 'Squares'],
    ]);
    expect(errors).toEqual([]);
    expect(await holdsChats(path)).toBe(true);
  });

  test.each(['../../conversations.json', '/etc/conversations.json', 'C:\\conversations.json'])(
    'with a name that leads out of them (%s) are refused',
    async (name) => {
      const { chats, errors } = await read(zip({ name, data: bytes('chatgpt') }));
      expect(chats).toEqual([]);
      expect(errors).toEqual([
        'This archive has names that lead out of its folder, so nothing of it was read.',
      ]);
    },
  );

  test('that unpack to an absurd size are refused before', async () => {
    const bomb = { name: 'conversations.json', data: Buffer.alloc(80e6, ' '), deflated: true };
    const { errors } = await read(zip(bomb));
    expect(errors).toEqual(['This archive unpacks to an absurd size, so nothing of it was read.']);
  });

  test('that unpack to more than they say are not read further', async () => {
    const { chats, errors } = await read(
      zip({ name: 'conversations.json', data: bytes('chatgpt'), deflated: true, declaredBytes: 100 }),
    );
    expect(chats).toEqual([]);
    expect(errors).toEqual(['This archive is damaged or not complete.']);
  });

  test('that are cut off are told', async () => {
    const whole = zipFile([{ name: 'conversations.json', data: bytes('chatgpt') }]);
    const { errors } = await read(place('half.zip', whole.subarray(0, whole.length / 2)));
    expect(errors).toEqual(['This archive is damaged or not complete.']);
  });
});

test('only what holds chats is taken for such', async () => {
  expect(await holdsChats(place('a.json', bytes('alpaca')))).toBe(true);
  expect(await holdsChats(place('b.json', '{"scripts": {}}'))).toBe(false);
  expect(await holdsChats(place('c.json', 'not JSON'))).toBe(false);
  expect(await holdsChats(join(home, 'gone'))).toBe(false);
});
