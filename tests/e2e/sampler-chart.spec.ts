/** The chart of what the samplers do: what stands in it, what it costs, and what it says where there is nothing to show. */
import type { Page } from '@playwright/test';
import { violations } from './axe.js';
import { expect, test } from './fixtures.js';

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const chart = (page: Page) => page.getByRole('region', { name: 'What the samplers do' });
const field = (page: Page, name: string) =>
  page.getByRole('spinbutton', { name: `${name} as a number`, exact: true });

test('it follows the sliders without reading the chat again, and teaches where there is nothing to show', async ({
  chat: { page },
}) => {
  await tab(page, 'Parameters');
  await page.getByRole('button', { name: 'Chart', exact: true }).click();
  await expect(chart(page)).toContainText('Open a chat, or write a message');
  await tab(page, 'Chat');
  await page.getByRole('textbox', { name: 'Message' }).fill('Which animal climbs best?');
  await tab(page, 'Parameters');
  await expect(chart(page)).toContainText('First word of a reply to your draft: 4 tokens, read once.');
  const stages = chart(page).getByRole('rowheader');
  await expect(stages).toHaveText(['The model alone', 'top_k', 'temperature']);
  await expect(chart(page).getByRole('row', { name: 'The model alone' })).toContainText(
    'llama 50.0 %, alpaca 30.0 %, vicuña 15.0 %, guanaco 5.0 %',
  );
  await field(page, 'top_k').fill('2');
  await field(page, 'top_k').blur();
  await expect(chart(page).getByRole('row', { name: 'top_k' })).toContainText('2 left');
  await expect(chart(page).getByRole('listitem')).toHaveText([
    /^·llama 50.0 % → 67.5 %$/,
    /^·alpaca 30.0 % → 32.5 %$/,
    /^·vicuña 15.0 % → 0 %$/,
    /^·guanaco 5.0 % → 0 %$/,
  ]);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('slider', { name: 'temperature', exact: true }).focus();
  for (let press = 0; press < 30; press++) await page.keyboard.press('ArrowRight');
  await expect(stages).toHaveText(['The model alone', 'top_k']);
  await expect(chart(page).getByRole('row', { name: 'top_k' })).toContainText('llama 62.5 %, alpaca 37.5 %');
  await chart(page).getByRole('button', { name: 'Close the chart' }).click();
  await expect(chart(page)).toHaveCount(0);
});
