/**
 * A disk that is full, and one that can only be read, for real: the bench of trust mounts them. Nothing that was saved is
 * lost, each refusal has a next step, and no half file is left.
 */
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import { newId } from '../../main/db/id.js';
import type { Download } from '../../preload/contract/downloads.js';
import type { Channel } from '../../preload/contract/index.js';
import { writeChats } from '../fixtures/chat-database.js';
import { FileServer } from '../fixtures/file-server.js';
import { noteFigures } from '../fixtures/figures.js';
import { plainModel } from '../fixtures/random-llama.js';
import { ask, expect, request, scripted, startAgain, test } from './fixtures.js';

const disk = process.env['ALTIPLANO_TEST_DISK']!;
const readOnly = join(disk, 'read-only');

/** Takes all the room that is left. */
function fillUp(path: string): void {
  const file = openSync(path, 'a');
  for (const sizeBytes of [1 << 20, 1 << 12, 1]) {
    const bytes = Buffer.alloc(sizeBytes);
    try {
      while (writeSync(file, bytes) === sizeBytes);
    } catch {
      // There is no room for so much.
    }
  }
  closeSync(file);
}

const saveTo = (app: ElectronApplication, filePath: string) =>
  app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, filePath);

const everything = { scope: { kind: 'everything' }, format: 'altiplano', branches: true, metadata: true };
const exported = () => ({ ...everything, id: newId(), target: 'file' });

async function refused(page: Page, code: string, channel: Channel, input?: unknown): Promise<string> {
  const answer = await request(page, channel, input);
  expect(answer, channel).toMatchObject({ ok: false, error: { code, hint: expect.stringMatching(/\w/) } });
  return channel;
}

test('a full disk: everything says so, nothing is lost, and all goes on when there is room', async ({
  launch,
}) => {
  test.setTimeout(180_000);
  const { home } = launch;
  const ballast = join(disk, 'ballast');
  const database = join(home, 'altiplano.db');
  writeChats(database, 20, 40, 'many llamas '.repeat(40));
  const server = await new FileServer().start();
  const opened = await launch.open(scripted(home));
  const { app, page } = opened;
  await ask(page, 'settings.set', { theme: 'dark' });
  const settings = readFileSync(join(home, 'settings.json'), 'utf8');
  const chats = await ask<unknown[]>(page, 'chats.list');
  const file = {
    url: server.put('Big.gguf', plainModel),
    fileName: 'Big.gguf',
    sizeBytes: null,
    sha256: null,
  };
  await ask(page, 'downloads.start', { name: 'Big', source: 'someone/models@main', files: [file] });

  fillUp(ballast);
  const long = 'x'.repeat(4_000_000);
  const pasted = newId();
  await ask(page, 'attachments.add', { id: pasted, source: { kind: 'pasted', name: 'Notes', text: long } });
  await saveTo(app, join(home, 'everything.json'));
  const said = [
    await refused(page, 'disk-full', 'runs.send', { chatId: null, text: long }),
    await refused(page, 'disk-full', 'drafts.save', { chatId: null, text: long }),
    await refused(page, 'disk-full', 'attachments.save', { chatId: null, ids: [pasted] }),
    await refused(page, 'disk-full', 'settings.set', { theme: 'light' }),
    await refused(page, 'disk-full', 'exports.start', exported()),
    await refused(page, 'disk-full', 'backups.make'),
    await refused(page, 'disk-full', 'backupFiles.save'),
  ];
  await expect
    .poll(async () => (await ask<Download[]>(page, 'downloads.list'))[0]?.note)
    .toContain('The disk is full. It goes on when there is room.');
  expect(readFileSync(join(home, 'settings.json'), 'utf8')).toBe(settings);
  expect(await ask(page, 'chats.list')).toEqual(chats);

  rmSync(ballast);
  await page.getByRole('textbox', { name: 'Message' }).fill('and now?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: and now?');
  await launch.close(opened);
  const halves = readdirSync(home, { recursive: true }).filter((name) =>
    /everything|\.part|settings\.json.|altiplano-backup/.test(String(name)),
  );
  expect(halves).toEqual([]);
  const db = new Sqlite(database);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare('SELECT count(*) FROM messages').pluck().get()).toBe(20 * 40 + 2);
  db.close();
  await server.close();
  noteFigures('full-disk', [{ what: 'refused on a full disk', wanted: 8, got: said.length + 1 }]);
});

test('a folder that can only be read: exports say so, and the app does not start in one', async ({
  launch,
}) => {
  const { app, page } = await launch.open(scripted(launch.home));
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: hello');
  await saveTo(app, join(readOnly, 'everything.json'));
  await refused(page, 'folder-unusable', 'exports.start', exported());
  const { said, stop } = startAgain(app, join(readOnly, 'home'));
  await expect.poll(said).toContain(`Altiplano can’t write to its folder: ${join(readOnly, 'home')}`);
  stop();
});
