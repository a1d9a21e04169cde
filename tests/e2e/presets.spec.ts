/** Presets and the levels of settings, as users choose, change and share them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, test } from './fixtures.js';

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const card = (page: Page) => page.getByRole('region', { name: 'Preset', exact: true });
const choose = (page: Page, name: string) =>
  card(page).getByRole('combobox', { name: 'Preset', exact: true }).selectOption({ label: name });
const chosen = (page: Page) =>
  card(page).getByRole('combobox', { name: 'Preset', exact: true }).locator('option:checked');
const field = (page: Page, name: string) =>
  page.getByRole('spinbutton', { name: `${name} as a number`, exact: true });
const row = (page: Page, name: string) =>
  page.getByRole('presentation').filter({ has: page.locator(`label[for="parameter-${name}"]`) });
const level = (page: Page, name: string) => page.getByText(name, { exact: true }).click();

/** Asks the engine what it is given. */
async function settings(page: Page): Promise<string> {
  await tab(page, 'Chat');
  const messages = page.getByRole('article');
  const before = await messages.count();
  await page.getByRole('textbox', { name: 'Message' }).fill('settings');
  await page.keyboard.press('Enter');
  await expect(messages).toHaveCount(before + 2);
  const reply = messages.last().locator('.reply');
  await expect(reply).toContainText('system');
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  return reply.innerText();
}

function answerDialogs(app: ElectronApplication, open: string, save: string) {
  return app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [paths.open] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.save });
    },
    { open, save },
  );
}

test('each level gives way to the next; what a chat has of its own stays its own', async ({
  chat: { page },
}) => {
  expect(await settings(page)).toBe('temperature 0.7, top_k 40, system none');
  await tab(page, 'Parameters');
  // With a chat open, changes are for it.
  await expect(page.getByRole('radio', { name: 'This chat' })).toBeChecked();
  await expect(row(page, 'temperature')).toContainText('default');
  await field(page, 'temperature').fill('1.2');
  await field(page, 'temperature').blur();
  await expect(row(page, 'temperature')).toContainText('this chat');
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Be a llama.');
  await level(page, 'Everywhere');
  await expect(field(page, 'temperature')).toHaveValue('0.7');
  await expect(row(page, 'temperature')).toContainText('this chat has 1.2');
  await field(page, 'top_k').fill('30');
  await field(page, 'top_k').blur();
  await level(page, 'This model');
  await expect(row(page, 'top_k')).toContainText('everywhere');
  await field(page, 'top_k').fill('20');
  await field(page, 'top_k').blur();
  expect(await settings(page)).toBe('temperature 1.2, top_k 20, system Be a llama.');

  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(page.getByRole('article')).toHaveCount(0);
  expect(await settings(page)).toBe('temperature 0.7, top_k 20, system none');
  await tab(page, 'Parameters');
  await level(page, 'This model');
  await row(page, 'top_k').getByRole('button', { name: 'Reset top_k' }).click();
  await expect(field(page, 'top_k')).toHaveValue('30');
  await expect(row(page, 'top_k')).toContainText('everywhere');
  await level(page, 'This chat');
  await choose(page, 'Yara');
  await expect(field(page, 'top_k')).toHaveValue('72');
  await expect(row(page, 'top_k')).toContainText('preset Yara');
  expect(await settings(page)).toBe('temperature 0.82, top_k 72, system none');
});

test('a preset is changed, saved, renamed, copied, compared and deleted', async ({ chat: { page } }) => {
  await tab(page, 'Parameters');
  await choose(page, 'Contrastive Search');
  await expect(card(page)).toContainText('do_sample off, top_k 4');
  await expect(card(page)).toContainText('Kept in the preset, but not applied by this engine:');
  await expect(card(page).getByRole('listitem')).toContainText('penalty_alpha 0.3');
  await expect(card(page).getByRole('button', { name: 'Delete' })).toHaveCount(0);

  await card(page).getByRole('button', { name: 'Duplicate' }).click();
  await expect(chosen(page)).toHaveText('Contrastive Search 2');
  await field(page, 'temperature').fill('0.4');
  await field(page, 'temperature').blur();
  await expect(card(page)).toContainText('Changed');
  await card(page).getByRole('button', { name: 'Revert' }).click();
  await expect(field(page, 'temperature')).toHaveValue('1');
  await expect(card(page).getByText('Changed')).toHaveCount(0);
  await field(page, 'temperature').fill('0.4');
  await field(page, 'temperature').blur();
  await card(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(card(page).getByText('Changed')).toHaveCount(0);
  await expect(card(page)).toContainText('temperature 0.4');
  await expect(card(page)).toContainText('penalty_alpha 0.3');

  await card(page).getByRole('button', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('yara');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is a preset named “Yara” already.')).toBeVisible();
  await page.getByRole('textbox', { name: 'New name' }).fill('Mine');
  await page.keyboard.press('Enter');
  await expect(chosen(page)).toHaveText('Mine');

  await card(page).getByRole('button', { name: 'Compare…' }).click();
  await card(page).getByRole('combobox', { name: 'Second preset' }).selectOption({ label: 'Deterministic' });
  await expect(card(page).getByRole('row')).toHaveText([
    /^Value/,
    /penalty_alpha\s*0.3 \(not applied\)\s*neutral/,
    /temperature\s*0.4\s*neutral/,
    /top_k\s*4\s*1/,
  ]);

  await card(page).getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('textbox', { name: 'Name of the preset' }).fill('Third');
  await page.keyboard.press('Enter');
  await expect(chosen(page)).toHaveText('Third');
  await expect(card(page)).not.toContainText('penalty_alpha 0.3 ');
  await card(page).getByRole('button', { name: 'Delete' }).click();
  await expect(card(page)).toContainText('The one that was chosen here was deleted.');
  await expect(field(page, 'temperature')).toHaveValue('0.7');
  await page
    .getByText('Deleted the preset “Third”')
    .locator('..')
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(chosen(page)).toHaveText('Third');
});

test('a file of text-generation-webui comes in and goes out again; a bad one changes nothing', async ({
  launch,
  chat: { app, page },
}) => {
  const [input, output] = [join(launch.home, 'Old days.yaml'), join(launch.home, 'out.yaml')];
  writeFileSync(input, 'temperature: 0.5\ntop_k: 1000\npenalty_alpha: 0.6\nodd: {a: 1}\n');
  await answerDialogs(app, input, output);
  await tab(page, 'Parameters');
  await card(page).getByRole('button', { name: 'Import…' }).click();
  await expect(chosen(page)).toHaveText('Old days');
  await expect(page.getByText('Not all of “Old days” could be taken.')).toBeVisible();
  await expect(card(page).getByRole('listitem')).toHaveText([
    /top_k 1000 This goes from 0 to 200/,
    /penalty_alpha 0.6/,
  ]);
  await card(page).getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText('Exported to')).toBeVisible();
  expect(readFileSync(output, 'utf8')).toBe('temperature: 0.5\ntop_k: 1000\npenalty_alpha: 0.6\n');
  writeFileSync(input, 'x'.repeat(100_000));
  await card(page).getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('is no preset of text-generation-webui.')).toBeVisible();
  await expect(chosen(page)).toHaveText('Old days');
});
