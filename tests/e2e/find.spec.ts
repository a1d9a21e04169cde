/** Finding in the open chat, as a user does it: in a long one, on branches, in folded thinking, while a reply streams. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openDatabase } from '../../main/db/open.js';
import { writeLongChats } from '../fixtures/long-chat.mjs';
import { violations } from './axe.js';
import { expect, scripted, test } from './fixtures.js';

const bar = (page: Page) => page.getByRole('search', { name: 'Find in this chat' });
const box = (page: Page) => bar(page).getByRole('textbox', { name: 'Find in this chat' });
const status = (page: Page) => bar(page).getByRole('status');
const log = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const message = (page: Page) => page.getByRole('textbox', { name: 'Message' });

/** What is marked, in order; of the place that was gone to also whether it is in view. */
const marked = (page: Page, name: string) =>
  page.evaluate<string[]>(
    `[...CSS.highlights.get('${name}') ?? []].sort((a, b) => a.compareBoundaryPoints(0, b)).map(String)`,
  );
const isInView = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const [range] = CSS.highlights.get('found-now') ?? [];
    const view = document.querySelector('[role=log]').parentElement.getBoundingClientRect();
    const place = range?.getBoundingClientRect();
    return place !== undefined && place.top >= view.top && place.bottom <= view.bottom;
  })()`);

async function say(page: Page, text: string) {
  await message(page).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
}

test('counts in 5,000 messages, goes to places that are not drawn, and gives the focus back', async ({
  launch,
}) => {
  const path = join(launch.home, 'altiplano.db');
  openDatabase(path).close();
  writeLongChats(path, [{ title: 'Long one', length: 5000 }]);
  const { page } = await launch.open(scripted(launch.home));
  await page.getByRole('list', { name: 'Chats' }).getByText('Long one').click();
  await expect(log(page)).toContainText('Question 4998');
  await message(page).focus();

  await page.keyboard.press('Control+f');
  await expect(box(page)).toBeFocused();
  await page.keyboard.type('QUESTION 12');
  // Only even ones are questions: 12, 120 to 128, 1200 to 1298.
  await expect(status(page)).toHaveText('1 of 56');
  await expect(log(page).getByText('Question 12:')).toBeInViewport();
  await expect.poll(() => marked(page, 'found-now')).toEqual(['Question 12']);
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText('2 of 56');
  await expect(log(page).getByText('Question 120:')).toBeInViewport();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+F3');
  await expect(status(page)).toHaveText('56 of 56');
  await expect(log(page).getByText('Question 1298:')).toBeInViewport();
  await expect.poll(() => isInView(page)).toBe(true);

  await box(page).fill('vicuna');
  await expect(status(page)).toContainText(/of \d+$/);
  await expect.poll(async () => new Set(await marked(page, 'found'))).toEqual(new Set(['vicuña']));
  await box(page).fill('no such words');
  await expect(status(page)).toHaveText('Nothing found');
  await page.keyboard.press('Escape');
  await expect(bar(page)).toBeHidden();
  await expect(message(page)).toBeFocused();
  await expect.poll(() => marked(page, 'found')).toEqual([]);
});

test('as many marks as are counted, whatever the Markdown; thinking is opened for what is in it', async ({
  chat: { page },
}) => {
  await say(page, 'Hello');
  const reply = [
    '<think>A wool thought, and **wool** again.</think>',
    '# Wool\n\nThe **wo**ol of [wool](https://wool.example/) and `wool`.',
    '- wool\n- *Wool*',
    '```wool\nwool = "wool"\n```',
    '| wool | a |\n|---|---|\n| b | wool |',
  ].join('\n\n');
  const text = await log(page).getByRole('article').count();
  expect(text).toBe(2);
  await log(page).getByRole('article').last().getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill(reply);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(log(page)).toContainText('Thought aloud');

  await page.keyboard.press('Control+f');
  await page.keyboard.type('wool');
  await expect(status(page)).toHaveText('1 of 12');
  await expect(log(page).getByText('A wool thought')).toBeVisible();
  await expect.poll(() => marked(page, 'found')).toHaveLength(12);
  for (let number = 2; number <= 12; number++) {
    await page.keyboard.press('F3');
    await expect(status(page)).toHaveText(`${number} of 12`);
    await expect.poll(() => isInView(page)).toBe(true);
  }
});

test('other branches are counted apart, and gone to when that is wanted', async ({ chat: { page } }) => {
  await say(page, 'dice of llamas');
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await expect(log(page)).toContainText('You rolled 2.');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('rolled');
  await expect(status(page)).toHaveText('1 of 1');
  expect(await violations(page)).toEqual([]);
  await bar(page).getByRole('button', { name: 'All branches (1 more)' }).click();
  await expect(status(page)).toHaveText('2 of 2');
  await page.keyboard.press('F3');
  await expect(log(page)).toContainText('You rolled 1.');
  await expect(status(page)).toHaveText('1 of 2');
  await expect.poll(() => marked(page, 'found-now')).toEqual(['rolled']);
});

test('a reply that streams is counted, and the reader may go elsewhere in it', async ({ chat: { page } }) => {
  await message(page).fill('slow 120');
  await page.keyboard.press('Enter');
  await expect(log(page)).toContainText('word5');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('word1');
  await expect(status(page)).toHaveText(/^1 of \d+$/);
  // word1, word10 to 19, word100 to 120
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText('2 of 32');
  await expect.poll(() => marked(page, 'found')).toHaveLength(32);
  await expect.poll(() => isInView(page)).toBe(true);
});
