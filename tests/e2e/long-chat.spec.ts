/** Chats far longer than a window: few messages are drawn, and what the reader looks at never moves by itself. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openDatabase } from '../../main/db/open.js';
import { writeLongChats } from '../fixtures/long-chat.mjs';
import { expect, scripted, test, type Opened } from './fixtures.js';

const long = 5000;

async function openLong(launch: { home: string; open(env: Record<string, string>): Promise<Opened> }) {
  const path = join(launch.home, 'altiplano.db');
  openDatabase(path).close();
  writeLongChats(path, [
    { title: 'Short one', length: 2 },
    { title: 'Long one', length: long },
  ]);
  return launch.open(scripted(launch.home));
}

const chat = (page: Page, title: string) => page.getByRole('list', { name: 'Chats' }).getByText(title);
const log = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const question = (page: Page, index: number) => log(page).getByText(`Question ${index}:`);
const toLatest = (page: Page) => page.getByRole('button', { name: 'Jump to latest' });
const scroller = (page: Page) => log(page).locator('..');

/** The first message in view and its distance from the top of the view. */
const inView = (page: Page) =>
  scroller(page).evaluate((view) => {
    const top = view.getBoundingClientRect().top;
    const rows = [...view.querySelectorAll('[data-row]')] as (typeof view)[];
    const row = rows.find((one) => one.getBoundingClientRect().bottom > top)!;
    return { id: row.dataset['row'], offset: Math.round(row.getBoundingClientRect().top - top) };
  });
const scrollTo = (page: Page, share: number) =>
  scroller(page).evaluate((view, part) => view.scrollTo(0, view.scrollHeight * part), share);
const selection = (page: Page) => page.evaluate<string>('getSelection().toString()');
const wheel = async (page: Page, deltaY: number) => {
  await scroller(page).hover();
  await page.mouse.wheel(0, deltaY);
};
const whole = (page: Page) => expect(log(page).locator(`[aria-setsize="${long}"]`).first()).toBeVisible();
/** Scrolling is over when two frames in a row show the same. */
async function settled(page: Page) {
  let before = '';
  await expect
    .poll(async () => {
      const now = JSON.stringify(await inView(page));
      const isSame = now === before;
      before = now;
      return isSame;
    })
    .toBe(true);
}

test('draws few of 5,000 messages, wherever the reader goes', async ({ launch }) => {
  const { page } = await openLong(launch);
  await chat(page, 'Long one').click();
  await expect(question(page, long - 2)).toBeVisible();
  const drawn = () => log(page).getByRole('article').count();
  expect(await drawn()).toBeLessThan(60);
  await whole(page);
  await expect(question(page, long - 2)).toBeInViewport();
  const last = log(page).getByRole('article').last();
  await expect(last).toHaveAttribute('aria-posinset', String(long));

  await scrollTo(page, 0.5);
  await settled(page);
  expect(await drawn()).toBeLessThan(60);
  await expect(log(page).getByRole('article').first()).not.toHaveAttribute('aria-posinset', '1');
  await scrollTo(page, 0);
  await expect(question(page, 0)).toBeInViewport();
  // Scrolling on draws what comes into view, without a jump.
  for (let step = 0; step < 6; step++) await wheel(page, 700);
  await settled(page);
  expect(await drawn()).toBeLessThan(60);
  await toLatest(page).click();
  await expect(question(page, long - 2)).toBeInViewport();
  await expect(toLatest(page)).toBeHidden();
});

test('keeps the place of the reader over a restart', async ({ launch }) => {
  const first = await openLong(launch);
  await chat(first.page, 'Long one').click();
  await whole(first.page);
  await scrollTo(first.page, 0.9);
  await settled(first.page);
  const { id } = await inView(first.page);
  await launch.close(first);
  const { page } = await launch.open(scripted(launch.home));
  await chat(page, 'Long one').click();
  await whole(page);
  await expect.poll(async () => (await inView(page)).id).toBe(id);
});

test('keeps the place of the reader in each chat, and in a window of another size', async ({ launch }) => {
  const { app, page } = await openLong(launch);
  await chat(page, 'Long one').click();
  await whole(page);
  await scrollTo(page, 0.3);
  await settled(page);
  const place = await inView(page);
  await chat(page, 'Short one').click();
  await expect(question(page, 0)).toBeVisible();
  await chat(page, 'Long one').click();
  await whole(page);
  await settled(page);
  expect(await inView(page)).toEqual(place);

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setSize(700, 600));
  await expect.poll(() => page.evaluate<number>('innerWidth')).toBeLessThan(720);
  await settled(page);
  expect(await inView(page)).toEqual(place);
});

test('a reader above the end is left alone while a reply streams, one at the end is kept there', async ({
  launch,
}) => {
  const { page } = await openLong(launch);
  await chat(page, 'Long one').click();
  await whole(page);
  await page.getByRole('textbox', { name: 'Message' }).fill('slow 150');
  await page.keyboard.press('Enter');
  await expect(log(page)).toContainText('word10');
  await expect(toLatest(page)).toBeHidden();
  await wheel(page, -400);
  await expect(toLatest(page)).toBeVisible();
  await settled(page);
  const place = await inView(page);
  await expect.poll(() => log(page).innerText()).toContain('word100');
  expect(await inView(page)).toEqual(place);
  await toLatest(page).click();
  await expect(log(page).getByText('word150')).toBeInViewport();
});

test('what is selected or written in a message stays when it leaves the view', async ({ launch }) => {
  const { page } = await openLong(launch);
  await chat(page, 'Long one').click();
  await whole(page);
  await question(page, long - 2).dblclick();
  const selected = await selection(page);
  expect(selected.trim()).not.toBe('');
  const own = log(page).getByRole('article', { name: 'You' }).last();
  await own.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('half a thought');
  await log(page).getByRole('article').last().locator('p').first().dblclick();
  const word = await selection(page);
  expect(word).not.toBe(selected);
  await scrollTo(page, 0.2);
  await settled(page);
  expect(await selection(page)).toBe(word);
  await toLatest(page).click();
  await expect(page.getByRole('textbox', { name: 'Edit message' })).toHaveValue('half a thought');
});
