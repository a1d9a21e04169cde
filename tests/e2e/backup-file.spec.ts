/** Everything as one file, through the window: saved on one machine, restored on another one, and taken back there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Character } from '../../preload/contract/characters.js';
import { writeChats } from '../fixtures/chat-database.js';
import { ask, dropFile, expect, placeModel, runCommand, scripted, test, type Opened } from './fixtures.js';

const chooses = (app: ElectronApplication, path: string) =>
  app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);

const openBackups = async (page: Page) => {
  await page.getByRole('tab', { name: 'Settings' }).click();
  return page.getByRole('group', { name: 'Backups' });
};
const titles = (page: Page) => page.getByRole('list', { name: 'Chats' }).getByRole('listitem');
const theme = (page: Page) => page.evaluate<string>('document.documentElement.dataset.theme ?? "system"');

let other: string;
test.beforeEach(() => (other = mkdtempSync(join(tmpdir(), 'altiplano-other-'))));
test.afterEach(() => rmSync(other, { recursive: true, force: true }));

/** On the first machine: two chats, a character, settings, and a model that the other one lacks. */
async function saved(
  open: (env: Record<string, string>) => Promise<Opened>,
  close: (opened: Opened) => Promise<void>,
  home: string,
): Promise<string> {
  writeChats(join(home, 'altiplano.db'), 2, 4);
  placeModel(home, 'Alpaca-7B.gguf');
  const opened = await open(scripted(home));
  const { app, page } = opened;
  await ask<Character>(page, 'characters.create', { card: { name: 'Quilla' } });
  await ask(page, 'settings.set', { theme: 'dark', threads: 3, systemPrompt: 'Be brief.' });
  const file = join(home, 'all.altiplano-backup');
  await chooses(app, file);
  await (await openBackups(page)).getByRole('button', { name: 'Save as one file…' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Everything is saved as' })).toBeVisible();
  await close(opened);
  return file;
}

test('another machine has all of it, and what was there before can be had again', async ({ launch }) => {
  test.setTimeout(90_000);
  const file = await saved(launch.open, launch.close, launch.home);
  writeChats(join(other, 'altiplano.db'), 1, 2);
  const { app, page } = await launch.open({ ...scripted(other), ALTIPLANO_HOME: other });
  await expect(titles(page)).toHaveCount(1);

  // As the system opens it.
  await app.evaluate(({ app: electron }, path) => {
    electron.emit('second-instance', {}, ['altiplano', path], '/');
  }, file);
  const sheet = page.getByRole('dialog', { name: 'Backup' });
  await expect(sheet).toContainText('2 chats');
  await expect(sheet).toContainText('8 messages');
  await expect(sheet).toContainText('1 character');
  await expect(sheet).toContainText('1 of 2 is not on this machine');
  await expect(sheet).toContainText('what is here now (1 chat, 2 messages).');
  await sheet.getByRole('button', { name: 'Restore' }).click();

  await expect(sheet).toContainText('The backup is restored.');
  await expect(sheet.getByRole('listitem')).toContainText('Alpaca-7B.gguf');
  await expect(sheet.getByRole('button', { name: 'Find on the hub' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(titles(page)).toHaveCount(2);
  expect(await theme(page)).toBe('dark');
  expect(await ask(page, 'settings.get')).toMatchObject({ systemPrompt: 'Be brief.', threads: 0 });
  await page.getByRole('tab', { name: 'Characters' }).click();
  await expect(page.getByText('Quilla').first()).toBeVisible();

  const section = await openBackups(page);
  await section
    .getByRole('row', { name: 'Before a restore' })
    .getByRole('button', { name: /^Restore the backup of/ })
    .click();
  await section
    .getByRole('group', { name: 'Restore this backup?' })
    .getByRole('button', { name: 'Restore' })
    .click();
  await expect(titles(page)).toHaveCount(1);
  await expect.poll(() => theme(page)).toBe('system');
});

test('half a backup says so, and changes nothing', async ({ launch }) => {
  const file = await saved(launch.open, launch.close, launch.home);
  writeFileSync(file, readFileSync(file).subarray(0, 2000));
  const { app, page } = await launch.open({ ...scripted(other), ALTIPLANO_HOME: other });
  await chooses(app, file);
  await runCommand(page, 'backup restore file', 'Backup: restore from a file');
  const sheet = page.getByRole('dialog', { name: 'Backup' });
  await expect(sheet).toContainText('This file can’t be restored: it is damaged or not complete.');
  await expect(sheet.getByRole('button', { name: 'Restore' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await dropFile(page, file);
  await expect(sheet).toContainText('can’t be restored');
  expect(await theme(page)).toBe('system');
});
