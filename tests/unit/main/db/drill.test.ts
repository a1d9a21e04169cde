/** The drill itself: with real processes that are killed, and with writers that lie. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crashDrill, type DrillRooms } from '../../../../main/db/drill.js';
import { doTask } from '../../../../main/db/maintenance-tasks.js';
import { noteFigures } from '../../../fixtures/figures.js';
import { bundleForNode } from '../../../fixtures/node-bundle.mjs';
import { writeChats } from '../../../fixtures/chat-database.js';

let folder: string;
beforeAll(async () => {
  mkdirSync('out', { recursive: true });
  folder = mkdtempSync(join('out', 'drill-'));
  await bundleForNode(folder, { writer: 'main/db/drill-writer.ts' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const real: DrillRooms['startWriter'] = (database, onSaved) => {
  const child = fork(join(folder, 'writer.js'), [database], { stdio: 'inherit' });
  child.on('message', (message) => onSaved(message as never));
  return {
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};
const roomsFor = (name: string, startWriter: DrillRooms['startWriter']): DrillRooms => {
  const database = join(folder, `${name}.db`);
  writeChats(database, 3, 4);
  return { database, folder: join(folder, name), maintenance: doTask, startWriter };
};
const never = new AbortController().signal;

test('a program that is killed while it writes into a copy loses nothing that it had saved', async () => {
  const rooms = roomsFor('sound', real);
  const bytes = readFileSync(rooms.database);
  const progress: number[] = [];
  const outcome = await crashDrill(rooms, 10, (done) => progress.push(done), never);
  noteFigures('crash-drill', [
    {
      what: `messages lost of ${outcome.messages} saved in a drill of 10 kills`,
      wanted: 0,
      got: outcome.lost,
    },
  ]);
  expect(outcome).toMatchObject({ kills: 10, chats: 3, lost: 0, unsound: 0 });
  expect(outcome.messages).toBeGreaterThan(20);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  // The chats themselves were only read, and nothing is left of the copy.
  expect(readFileSync(rooms.database).equals(bytes)).toBe(true);
  expect(existsSync(rooms.folder)).toBe(false);
});

test('what was told as saved and is not there is counted', async () => {
  const lying: DrillRooms['startWriter'] = (_database, onSaved) => {
    setImmediate(() => onSaved({ id: 'nowhere', text: 'x' }));
    return { kill: () => Promise.resolve() };
  };
  const outcome = await crashDrill(roomsFor('lying', lying), 2, () => undefined, never);
  expect(outcome).toMatchObject({ kills: 2, messages: 1, lost: 1, unsound: 0 });
});

test('a drill that is stopped ends, and leaves nothing behind', async () => {
  const stopping = new AbortController();
  const rooms = roomsFor('stopped', (_database, onSaved) => {
    setImmediate(() => onSaved({ id: 'a', text: '' }));
    return { kill: () => Promise.resolve(stopping.abort()) };
  });
  await expect(crashDrill(rooms, 100, () => undefined, stopping.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(readdirSync(folder)).not.toContain('stopped');
});
