/** What the user can do and see when parts of the app or of the machine fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileServer } from '../fixtures/file-server.js';
import { plainModel } from '../fixtures/random-llama.js';
import { writeChats } from '../fixtures/chat-database.js';
import { violations } from './axe.js';
import { ask, expect, scripted, test } from './fixtures.js';

test('a page that crashes is loaded again, and the crash is in the log', async ({ launch }) => {
  const { app } = await launch.open(scripted(launch.home));
  // Asked of main: who drives the page loses it with the crash.
  const pageProcess = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
  const before = await pageProcess();
  process.kill(before, 'SIGKILL');
  await expect.poll(async () => ![0, before].includes(await pageProcess())).toBe(true);
  const log = readFileSync(join(launch.home, 'logs', 'altiplano.log'), 'utf8');
  expect(log).toMatch(/^\S+ \[page: \w+ \d+\]\n$/);
});

test('a report holds nothing private, and a crash drill proves the disk', async ({ launch }) => {
  // Ten processes start one after the other, and the machine may have other work.
  test.setTimeout(180_000);
  writeChats(join(launch.home, 'altiplano.db'), 2, 4, 'CANARY ');
  const { page } = await launch.open(scripted(launch.home));
  await page.getByRole('tab', { name: 'Settings' }).click();
  const section = page.getByRole('group', { name: 'When something goes wrong' });
  await section.getByRole('button', { name: 'Show the report' }).click();
  const report = section.getByRole('region', { name: 'Report' });
  await expect(report).toContainText('Altiplano 0.1.0, Electron');
  await expect(report).toContainText('No failures in the log.');
  for (const secret of ['CANARY', launch.home, 'Scripted-7B']) await expect(report).not.toContainText(secret);
  await expect(section.getByRole('button', { name: 'Copy report' })).toBeVisible();

  await section.getByRole('button', { name: 'Start the crash drill' }).click();
  await expect(section.getByRole('progressbar', { name: 'Crash drill' })).toBeVisible();
  await expect(section.getByRole('status')).toContainText(
    /Killed 10 times while it wrote into a copy of your 2 chats: the file was sound each time, and all of the [\d,]+ messages/,
    { timeout: 120_000 },
  );
  expect(await violations(page)).toEqual([]);
});

test('the machine sleeps and wakes: a reply goes on, and a download tries again at once', async ({
  chat: { app, page },
}) => {
  const server = await new FileServer().start();
  const url = server.put('Llama.gguf', plainModel);
  server.behave = () => ({ status: 503, headers: { 'retry-after': '600' } });
  const file = { url, fileName: 'Llama.gguf', sizeBytes: plainModel.length, sha256: null };
  await ask(page, 'downloads.start', { name: 'Llama', source: 'someone/models@main', files: [file] });
  await expect(page.getByRole('button', { name: 'Downloads: waiting' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).fill('slow 120');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await expect(reply).toContainText('word5');

  // As the system tells it.
  await app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'));
  server.behave = () => undefined;
  await app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
  await expect(page.getByRole('status').filter({ hasText: 'ready to load' })).toBeVisible();
  await expect(reply).toContainText('word119');
  await expect(reply.getByRole('alert')).toHaveCount(0);
  await server.close();
});
