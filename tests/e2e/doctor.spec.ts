/** The template doctor: what is sent, what it finds, and how it proposes another template. */
import type { Page } from '@playwright/test';
import { expect, starterModel, test } from './fixtures.js';

const tokens = (page: Page) => page.getByRole('region', { name: 'Tokens of the prompt' });
const open = (page: Page) => page.getByRole('button', { name: /template$/ }).click();
const say = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
};

test('shows the next prompt by source, with ids and with what changed', async ({ chat: { page } }) => {
  await open(page);
  await expect(page.getByRole('heading', { name: 'Template doctor' })).toBeFocused();
  await expect(page.getByText('this is a sample conversation')).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await say(page, 'hello llamas');
  await page.getByRole('textbox', { name: 'Message' }).fill('and camels');
  await open(page);
  await expect(page.getByText('Your draft as Send would send it')).toBeVisible();
  await expect(tokens(page)).toContainText('<|im_start|>user⏎');
  await expect(tokens(page).getByText('·llamas').first()).toHaveClass(/user/);
  await expect(tokens(page).getByText('Echo:')).toHaveClass(/assistant/);
  await expect(tokens(page)).toContainText('cached up to here');
  await page.getByRole('checkbox', { name: 'Show ids' }).check();
  await expect(tokens(page)).toHaveClass(/ids/);
  await page
    .getByRole('checkbox', { name: /Show what changed since the last reply: \d+ new, 0 gone/ })
    .check();
  await expect(tokens(page).getByText('camels')).toHaveClass(/new/);
  await expect(tokens(page).getByText('·llamas').first()).not.toHaveClass(/new/);
  await page.getByRole('tab', { name: 'Chat' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('and camels');
});

test('says what is unsound, and shows the form beside the original', async ({ chat: { page } }) => {
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await page.getByRole('button', { name: 'Template doctor' }).click();
  const findings = page.getByRole('region', { name: 'Findings' });
  await expect(findings.getByRole('listitem').first()).toContainText('The script warns.');
  await expect(findings.getByRole('img', { name: 'Warning' })).toBeVisible();
  const form = page.getByRole('region', { name: 'Beside ChatML, the original form' });
  await expect(form.getByRole('insertion').last()).toHaveText('⏎');
  await expect(form.getByRole('deletion').last()).toHaveText('·');
});

test('probes the template and others, and proposes the better one', async ({ chat: { page } }) => {
  await open(page);
  await page.getByRole('button', { name: 'Probe this template' }).click();
  const own = page.getByRole('article', { name: 'ChatML' });
  await expect(own).toContainText('Does not fit');
  await expect(own).toContainText('It goes on as the user.');
  await expect(page.getByRole('button', { name: 'Use Koala' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Compare with others' }).click();
  await expect(page.getByRole('article', { name: 'Koala' })).toContainText('Fits');
  await page.getByRole('button', { name: 'Use Koala' }).click();
  await expect(page.getByText('Koala is the template now')).toBeVisible();
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await expect(page.getByRole('combobox', { name: /Prompt template/ })).toHaveValue('koala');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('combobox', { name: /Prompt template/ })).toHaveValue('');
});

test('eight thousand tokens stay usable', async ({ chat: { page } }) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('word '.repeat(8000));
  await open(page);
  await expect(page.getByText(/8,00\d tokens\./)).toBeVisible();
  await page.getByRole('checkbox', { name: 'Show ids' }).check();
  // Blocks out of sight have estimated heights, so the way to the end takes several steps, as with a hand on the wheel.
  const last = tokens(page).locator('.token').last();
  await expect(async () => {
    await last.scrollIntoViewIfNeeded();
    await expect(last).toBeInViewport({ timeout: 300 });
  }).toPass();
});

test('the real model: its template is sound, and it ends its replies by itself', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await expect(page.getByRole('button', { name: /template$/ })).toBeVisible({ timeout: 45_000 });
  await open(page);
  const findings = page.getByRole('region', { name: 'Findings' });
  await expect(findings).toContainText('Replies end with <|im_end|>, an end token of this model.');
  await expect(findings.getByRole('img', { name: 'Warning' })).toHaveCount(0);
  await expect(page.getByText('The same for a short conversation, byte by byte.')).toBeVisible();
  await page.getByRole('button', { name: 'Probe this template' }).click();
  await expect(page.getByRole('article', { name: 'The model’s own' })).toContainText('Fits', {
    timeout: 60_000,
  });
});
