/** Backups through the window: made, restored, and the way out of a damaged database. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { leafPages, meddle, wipePage, writeChats } from '../fixtures/chat-database.js';
import { expect, scripted, test } from './fixtures.js';

const openBackups = async (page: Page) => {
  await page.getByRole('tab', { name: 'Settings' }).click();
  return page.getByRole('group', { name: 'Backups' });
};
const titles = (page: Page) => page.getByRole('list', { name: 'Chats' }).getByRole('listitem');

test('a backup is made and restored; what was there before is a backup too', async ({ launch }) => {
  const database = join(launch.home, 'altiplano.db');
  writeChats(database, 2, 4);
  const { page } = await launch.open(scripted(launch.home));
  const section = await openBackups(page);
  await section.getByRole('button', { name: 'Make one now' }).click();
  await expect(section.getByRole('row')).toHaveCount(2);

  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('a third chat');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: a third chat');
  await openBackups(page);
  await section.getByRole('button', { name: /^Restore the backup of/ }).click();
  const question = section.getByRole('group', { name: 'Restore this backup?' });
  await expect(question).toContainText('Now there are 3 chats, 10 messages; after it, 2 chats, 8 messages.');
  await question.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Restored the backup of' })).toBeVisible();
  await expect(titles(page)).toHaveCount(2);

  await openBackups(page);
  await expect(section.getByRole('row', { name: 'Before a restore' })).toContainText('3');
  // The database that was put in its place can be used.
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('and on');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: and on');
});

test('after a kill: damaged records are told, damaged pages rescued, and the file kept aside', async ({
  launch,
}) => {
  test.setTimeout(90_000);
  const database = join(launch.home, 'altiplano.db');
  const [chat] = writeChats(database, 3, 20, 'many llamas '.repeat(40));
  const first = await launch.open(scripted(launch.home));
  await (await openBackups(first.page)).getByRole('button', { name: 'Make one now' }).click();
  await expect(first.page.getByRole('row')).toHaveCount(2);
  const ended = new Promise((resolve) => first.app.process().once('exit', resolve));
  first.app.process().kill('SIGKILL');
  await ended;
  expect(existsSync(`${database}-wal`)).toBe(true);

  meddle(database, `UPDATE messages SET stats = '{' WHERE id = '${chat!.messageIds[1]}'`);
  // Who meddles closes it; what a kill leaves is put back.
  writeFileSync(`${database}-wal`, '');
  const second = await launch.open(scripted(launch.home));
  await expect(second.page.getByRole('alert')).toContainText('One record of your chats is damaged');
  // Only those near the view are drawn.
  await expect(second.page.getByRole('article').last()).toHaveAttribute('aria-setsize', '20');
  await launch.close(second);

  writeChats(database, 1, 2);
  // Without its first page, nothing of it can be found.
  wipePage(database, 1);
  const third = await launch.open(scripted(launch.home));
  await expect(third.page.getByRole('alert')).toContainText('damaged and was left untouched');
  await third.page.getByRole('button', { name: 'Restore it' }).click();
  await expect(third.page.getByRole('status').filter({ hasText: 'The damaged file was kept' })).toBeVisible();
  await expect(titles(third.page)).toHaveCount(3);
  expect(readdirSync(join(launch.home, 'backups')).some((name) => name.startsWith('damaged '))).toBe(true);
});

test('without a backup, what can be read is rescued', async ({ launch }) => {
  const database = join(launch.home, 'altiplano.db');
  writeChats(database, 3, 20, 'many llamas '.repeat(40));
  // The list of chats can't be read, their messages can.
  for (const page of leafPages(database, 'chats')) wipePage(database, page);
  const { page } = await launch.open(scripted(launch.home));
  await page.getByRole('button', { name: 'Rescue what can be read' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Rescued 3 chats, 60 messages' })).toBeVisible();
  await expect(titles(page).first()).toContainText('Rescued chat');
  await expect(page.getByRole('article').last()).toContainText('assistant 19: many llamas');
});
