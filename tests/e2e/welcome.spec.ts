/** The first start: three steps that can be skipped, shown once, and the guide that is always there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ask, expect, runCommand, scripted, test } from './fixtures.js';

const welcome = (page: Page) => page.getByRole('dialog', { name: 'Welcome' });
const guide = (page: Page) => page.getByRole('dialog', { name: 'Guide' });
const isKept = (page: Page) =>
  expect.poll(async () => (await ask<{ welcomed: boolean }>(page, 'settings.get')).welcomed).toBe(true);

function firstStart(home: string): Record<string, string> {
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ welcomed: false }));
  return scripted(home);
}

test('the first start leads from a model over a first question to where things are, once', async ({
  launch,
}) => {
  const opened = await launch.open(firstStart(launch.home));
  const { page } = opened;
  await expect(welcome(page).getByRole('heading', { name: 'Choose a model' })).toBeFocused();
  await expect(welcome(page).getByRole('status')).toContainText('Scripted-7B is here and loaded');
  const offers = welcome(page).getByRole('listitem');
  await expect(offers.first()).toBeVisible();
  await expect(offers.first().getByRole('button', { name: /^Download/ })).toBeEnabled();
  await welcome(page).getByRole('button', { name: 'Next' }).click();
  await welcome(page)
    .getByRole('button', { name: /poem about llamas/ })
    .click();
  await expect(welcome(page).getByRole('region', { name: 'The reply' })).toContainText(
    'Echo: Write a short poem',
  );
  await welcome(page).getByRole('button', { name: 'Next' }).click();
  await expect(welcome(page).getByRole('heading', { name: 'Where things are' })).toBeFocused();
  await welcome(page).getByRole('button', { name: 'Back' }).click();
  await welcome(page).getByRole('button', { name: 'Next' }).click();
  await welcome(page).getByRole('button', { name: 'Start chatting' }).click();
  await expect(page.getByRole('log')).toContainText('Echo: Write a short poem');
  await isKept(page);
  await launch.close(opened);
  const again = await launch.open(scripted(launch.home));
  await expect(again.page.getByRole('log')).toContainText('Echo: Write a short poem');
  await expect(welcome(again.page)).toHaveCount(0);
});

test('it can be skipped, and comes again from the help; a step leads to the place itself', async ({
  launch,
}) => {
  const { page } = await launch.open(firstStart(launch.home));
  await welcome(page).getByRole('button', { name: 'Skip' }).click();
  await expect(welcome(page)).toHaveCount(0);
  await isKept(page);
  await page.keyboard.press('F1');
  await page.getByRole('dialog', { name: 'Keyboard' }).getByRole('button', { name: 'Welcome' }).click();
  await welcome(page).getByRole('button', { name: 'Next' }).click();
  await welcome(page).getByRole('button', { name: 'Next' }).click();
  await welcome(page).getByRole('button', { name: 'Notebook' }).click();
  await expect(page.getByRole('tab', { name: 'Notebook' })).toHaveAttribute('aria-selected', 'true');
});

test('without any model the empty chat leads to those that fit', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await page.getByRole('button', { name: 'Models that fit this machine…' }).click();
  await expect(welcome(page).getByRole('status')).toContainText('There is no model on this machine yet');
  await welcome(page).getByRole('button', { name: 'See the whole catalogue' }).click();
  await expect(page.getByRole('tab', { name: 'Catalogue' })).toHaveAttribute('aria-selected', 'true');
});

test('the guide shows chapters and finds sections by their words', async ({ chat: { page } }) => {
  await runCommand(page, 'guide', 'Guide');
  const text = guide(page).getByRole('region', { name: 'Text of the guide' });
  await expect(text.getByRole('heading', { name: 'First steps' })).toBeVisible();
  await guide(page).getByRole('button', { name: 'Models', exact: true }).click();
  await expect(text.getByRole('heading', { name: 'Quantisation' })).toBeVisible();
  await guide(page).getByRole('searchbox', { name: 'Search the guide' }).fill('template doctor');
  await expect(text.getByRole('heading', { name: 'Templates' })).toBeVisible();
  await expect(text.getByRole('heading', { name: 'Quantisation' })).toHaveCount(0);
  await guide(page).getByRole('searchbox').fill('zeppelin');
  await expect(text).toContainText('Nothing in the guide has these words.');
});
