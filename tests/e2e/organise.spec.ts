/** The list of chats as a user keeps it in order, with the scripted engine. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openDatabase } from '../../main/db/open.js';
import { ask, expect, scripted, test } from './fixtures.js';

const list = (page: Page) => page.getByRole('list', { name: 'Chats' });
const chat = (page: Page, title: string) => list(page).getByRole('button', { name: title, exact: true });
const rows = (page: Page) => list(page).getByRole('listitem');
/** What the rows say, without their menu buttons. */
const texts = (page: Page) => rows(page).locator('> :first-child');
const choose = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true }).click();

/** Chats of earlier days, the last one used last. */
function placeChats(home: string, titles: readonly string[]): void {
  const db = openDatabase(join(home, 'altiplano.db'));
  const insert = db.prepare(`INSERT INTO chats (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)`);
  db.transaction(() => titles.forEach((title, at) => insert.run(`c${at}`, title, 1000 - at, at)))();
  db.close();
}

test('folders, pins, tags, the archive and the order, by mouse', async ({ launch }) => {
  placeChats(launch.home, ['Alpacas', 'Wool', 'Dinner', 'Llamas']);
  const { page } = await launch.open(scripted(launch.home));
  await expect(texts(page)).toHaveText(['Llamas', 'Dinner', 'Wool', 'Alpacas']);

  await page.getByRole('button', { name: 'More for all chats' }).click();
  await choose(page, 'New folder');
  await page.getByRole('textbox', { name: 'New name' }).fill('Camelids');
  await page.keyboard.press('Enter');
  const folder = list(page).getByRole('button', { name: /^Camelids/ });
  await expect(list(page)).toContainText('Empty. Drag chats here.');

  await chat(page, 'Alpacas').dragTo(folder);
  await expect(folder).toContainText('1');
  await chat(page, 'Llamas').click({ modifiers: ['Control'] });
  await chat(page, 'Wool').click({ modifiers: ['Shift'] });
  await expect(page.getByRole('toolbar', { name: 'Selected chats' })).toContainText('3 selected');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('toolbar')).toBeHidden();

  await chat(page, 'Llamas').click({ modifiers: ['Control'] });
  await chat(page, 'Wool').click({ modifiers: ['Control'] });
  await page.getByRole('toolbar').getByRole('button', { name: 'Move to…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Camelids' }).click();
  await expect(folder).toContainText('3');
  await expect(texts(page)).toHaveText([/Camelids/, 'Llamas', 'Wool', 'Alpacas', 'Chats', 'Dinner']);

  await chat(page, 'Dinner').click({ button: 'right' });
  await choose(page, 'Pin');
  await expect(texts(page).first()).toHaveText('Pinned');
  await chat(page, 'Dinner').dragTo(folder);
  await expect(list(page)).not.toContainText('Pinned');

  await chat(page, 'Dinner').click({ button: 'right' });
  await choose(page, 'Put into the archive');
  await expect(chat(page, 'Dinner')).toBeHidden();
  await list(page)
    .getByRole('button', { name: /^Archive/ })
    .click();
  await expect(chat(page, 'Dinner')).toBeVisible();

  await chat(page, 'Wool').click({ button: 'right' });
  await choose(page, 'Tags…');
  await page.getByRole('textbox', { name: 'New tag' }).fill('knitting');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('knitting');
  await expect(texts(page)).toHaveText([/Wool/]);
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('');

  await page.getByRole('button', { name: 'More for all chats' }).click();
  await page.getByRole('menuitemradio', { name: 'Sort by title' }).click();
  await expect(texts(page)).toHaveText([/Camelids/, 'Alpacas', 'Llamas', /Wool/, /Archive/, 'Dinner']);

  await folder.click({ button: 'right' });
  await choose(page, 'Delete folder, keep its chats');
  await expect(texts(page)).toHaveText(['Alpacas', 'Llamas', /Wool/, /Archive/, 'Dinner']);
});

test('ten thousand chats: few rows, all within reach of the keys, and no whole list at a reply', async ({
  launch,
}) => {
  placeChats(
    launch.home,
    Array.from({ length: 10_000 }, (_, at) => `Chat ${at + 1}`),
  );
  const { page } = await launch.open(scripted(launch.home));
  await expect(chat(page, 'Chat 10000')).toBeVisible();
  expect(await rows(page).count()).toBeLessThan(60);
  await chat(page, 'Chat 10000').focus();
  await page.keyboard.press('End');
  await expect(chat(page, 'Chat 1')).toBeFocused();
  expect(await rows(page).count()).toBeLessThan(60);
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('toolbar')).toContainText('10,000 selected');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(chat(page, 'Chat 1')).toHaveAttribute('aria-current', 'true');

  await page.evaluate(`altiplano.onEvent((name, data) => {
    if (name === 'chats.changed') (window.told ??= []).push(data.upserted.length + data.removed.length);
  })`);
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: hello');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  const told = await page.evaluate<number[]>('window.told');
  expect(told.length).toBeGreaterThan(0);
  expect(Math.max(...told)).toBe(1);
  await page.keyboard.press('Control+PageDown');
  await expect(chat(page, 'Chat 10000')).toHaveAttribute('aria-current', 'true');
});

test('drafts are there after a crash, each in its chat', async ({ launch }) => {
  placeChats(launch.home, ['Alpacas', 'Llamas']);
  const first = await launch.open(scripted(launch.home));
  const input = (page: Page) => page.getByRole('textbox', { name: 'Message' });
  await input(first.page).fill('to the llamas');
  await chat(first.page, 'Alpacas').click();
  await expect(input(first.page)).toHaveValue('');
  await input(first.page).fill('to the alpacas');
  await first.page.getByRole('button', { name: 'New chat' }).click();
  await input(first.page).fill('to nobody yet');
  await expect
    .poll(async () => ask<unknown[]>(first.page, 'drafts.list').then(({ length }) => length), {
      timeout: 1000,
    })
    .toBe(3);
  first.app.process().kill('SIGKILL');
  const { page } = await launch.open(scripted(launch.home));
  await expect(input(page)).toHaveValue('to the llamas');
  await chat(page, 'Alpacas').click();
  await expect(input(page)).toHaveValue('to the alpacas');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(input(page)).toHaveValue('to nobody yet');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: to nobody yet');
  await expect.poll(async () => ask<unknown[]>(page, 'drafts.list').then(({ length }) => length)).toBe(2);
});

test('the model names a new chat once it has nothing else to do', async ({ chat: { page } }) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('name me, please');
  await page.keyboard.press('Enter');
  await expect(chat(page, 'name me, please')).toBeVisible();
  await expect(chat(page, 'Of Wool and Wind')).toBeVisible();
});

test('of an incognito chat there is nothing on the disk, and a warning comes before it is gone', async ({
  launch,
}) => {
  const { app, page } = await launch.open(scripted(launch.home));
  const input = page.getByRole('textbox', { name: 'Message' });
  await page.getByRole('button', { name: 'More for all chats' }).click();
  await choose(page, 'New incognito chat');
  await expect(page.getByRole('note')).toContainText('Nothing of this chat is kept');
  await input.fill('My secret is zanzibar7731');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: My secret is zanzibar7731');
  await input.fill('and zanzibar7731 again');
  await page.getByRole('button', { name: 'New chat' }).click();
  await input.fill('a kept draft');
  await chat(page, 'Incognito chat').click();
  await expect(input).toHaveValue('and zanzibar7731 again');
  await expect.poll(() => filesWith(launch.home, 'a kept draft')).not.toEqual([]);
  expect(filesWith(launch.home, 'zanzibar7731')).toEqual([]);

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it open' }).click();
  await expect(page.getByRole('log')).toContainText('zanzibar7731');
  await page.getByRole('button', { name: 'Close the incognito chat' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close it', exact: true }).click();
  await expect(list(page)).not.toContainText('Incognito');
  await expect(page.getByRole('log')).not.toContainText('zanzibar7731');
  await launch.close({ app, page });
  expect(filesWith(launch.home, 'zanzibar7731')).toEqual([]);
});

/** The files of a folder in which a text stands, as UTF-8 or as UTF-16. */
function filesWith(folder: string, text: string): string[] {
  const wanted = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => wanted.some((bytes) => readFileSync(path).includes(bytes)));
}
