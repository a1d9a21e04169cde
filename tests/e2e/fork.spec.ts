/** A reply that is taken another way from one of its words on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { NextTokens } from '../../preload/contract/tokens.js';
import { violations } from './axe.js';
import { ask, expect, starterModel, test } from './fixtures.js';

const reply = (page: Page) => page.getByRole('article').last();
const token = (page: Page, text: string) =>
  page.getByRole('toolbar', { name: 'Tokens of the reply' }).getByRole('button', { name: text, exact: true });
const ways = (page: Page) => page.getByRole('region', { name: 'Other ways' });
async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
}

test('by keys: a word, another one in its place, a new version; the old one is kept', async ({
  chat: { page },
}) => {
  await say(page, 'who hums?');
  await expect(reply(page).locator('.reply')).toHaveText('Echo: who hums?');
  await page.keyboard.press('Control+J');
  await expect(token(page, '"Echo:"')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(token(page, '" who"')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(ways(page).getByRole('row')).toHaveText([
    'Next tokenModelSamplers',
    '·llama70.0100.0',
    '·alpaca25.0–',
    '<|im_end|>5.0–',
  ]);
  expect(await violations(page)).toEqual([]);
  await ways(page).getByRole('button', { name: 'Go on with " alpaca"' }).press('Enter');
  await expect(reply(page).locator('.reply')).toHaveText('Echo: alpaca and so on.');
  await expect(reply(page).getByText('2/2')).toBeVisible();
  await page.getByRole('button', { name: 'Previous version' }).click();
  await expect(reply(page).locator('.reply')).toHaveText('Echo: who hums?');
});

test('by mouse: Alt and a click on a word, and Escape closes it again', async ({ chat: { page } }) => {
  await say(page, 'one **two** three two four');
  const shown = reply(page).locator('.reply');
  await expect(shown).toHaveText('Echo: one two three two four');
  const box = await page.evaluate<{ x: number; y: number }>(`(() => {
    const walker = document.createTreeWalker(document.querySelector('article:last-of-type .reply, [data-row]:last-child .reply'), NodeFilter.SHOW_TEXT);
    let node; let last;
    while ((node = walker.nextNode())) if (node.data.includes('three two')) last = node;
    const range = document.createRange();
    const at = last.data.indexOf('two', last.data.indexOf('three'));
    range.setStart(last, at); range.setEnd(last, at + 3);
    const { left, top, width, height } = range.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  })()`);
  await page.keyboard.down('Alt');
  await page.mouse.click(box.x, box.y);
  await page.keyboard.up('Alt');
  await expect(page.getByRole('toolbar').locator('[aria-pressed=true]')).toHaveText(' two');
  await expect(page.getByRole('toolbar').locator('[aria-pressed=true]')).toHaveAttribute('data-at', '4');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('toolbar')).toBeHidden();
  await expect(shown).toHaveText('Echo: one two three two four');
});

test('the real model says of each word of its greedy reply that it is the likeliest', async ({ launch }) => {
  const sampling = { temperature: 0, repetition_penalty: 1, max_new_tokens: 24 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await say(page, 'Name three animals of the Andes.');
  // Settings of today are not those of the reply.
  await ask(page, 'settings.set', { sampling: { temperature: 1.5, max_new_tokens: 24 } });
  const [chat] = await ask<{ id: string }[]>(page, 'chats.list');
  const { messages } = await ask<{ messages: { id: string; text: string }[] }>(page, 'chats.open', {
    chatId: chat!.id,
  });
  const { id: messageId, text } = messages[1]!;
  const places = await ask<number[]>(page, 'forks.places', { messageId });
  expect(places.length).toBeGreaterThan(10);
  for (const index of [0, 1, 5, 10]) {
    const at = places[index]!;
    const { raw, sampled } = await ask<NextTokens>(page, 'forks.alternatives', { messageId, at });
    const own = text.slice(at, places[index + 1]);
    expect(raw[0]!.text.trim(), `the word at ${at}`).toBe(own.trim());
    expect(sampled).toHaveLength(1);
    expect(sampled[0]!.probability).toBe(1);
  }
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await reply(page).getByRole('button', { name: 'More for this message' }).click();
  await page.getByRole('menuitem', { name: 'Other ways from a word…' }).click();
  await page.getByRole('toolbar').getByRole('button').nth(5).click();
  await ways(page).getByRole('button').nth(1).click();
  await expect(reply(page).getByText('2/2')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  const forked = await ask<{ messages: { text: string }[] }>(page, 'chats.open', { chatId: chat!.id });
  expect(forked.messages[1]!.text.startsWith(text.slice(0, places[5]))).toBe(true);
  expect(forked.messages[1]!.text).not.toBe(text);
});
