/** What the user can do and see when parts of the app or of the machine fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeChats } from '../fixtures/chat-database.js';
import { violations } from './axe.js';
import { expect, scripted, test } from './fixtures.js';

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
