/** The catalogue and the history: found, filtered, read and loaded, by mouse and keyboard, in both themes. */
import { copyFileSync, mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startHub } from '../fixtures/hub-server.js';
import { plainModel } from '../fixtures/random-llama.js';
import { violations } from './axe.js';
import { expect, placeModel, scripted, starterModel, test } from './fixtures.js';

const cards = (page: Page) => page.getByRole('list', { name: 'Catalogue' }).getByRole('listitem');
const openSection = async (page: Page, name: string) => {
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('tab', { name }).click();
};

/** Name and size of a file of the catalogue. */
const smolFile = { name: 'SmolLM2-135M-Instruct-Q4_K_M.gguf', sizeBytes: 105_454_432 };

test('cards are filtered by family, size and fit, and say so where none is left', async ({
  chat: { page },
}) => {
  await openSection(page, 'Catalogue');
  await expect(cards(page)).toHaveCount(36);
  await page.getByLabel('Family').selectOption('Koala');
  await expect(cards(page)).toHaveText([/^Koala 7B/, /^Koala 13B/]);
  await page.getByLabel('Size').selectOption('13B');
  await expect(cards(page)).toHaveText([/^Koala 13B/]);
  await expect(page.getByText('1 of 36 models')).toBeVisible();
  await page.getByLabel('Size').selectOption('30B and more');
  await expect(page.getByText('No model of this family has this size.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all models' }).click();
  await expect(cards(page)).toHaveCount(36);
  await page.getByLabel('This machine').selectOption('Fits at 4 bits');
  await expect(cards(page).filter({ hasText: 'SmolLM2 135M' })).toContainText('Fits');
  await expect(cards(page).filter({ hasText: /Tight|Too large/ })).toHaveCount(0);
});

test('a model is opened and left by the keyboard, and its base is one step away', async ({
  chat: { page },
}) => {
  await openSection(page, 'Catalogue');
  await page.getByRole('button', { name: 'GPT4-x-Alpaca 13B' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'GPT4-x-Alpaca 13B' })).toBeFocused();
  await expect(page.getByRole('note')).toContainText('No GGUF is known. Import');
  await expect(page.getByText('Prompt template: Alpaca, GPT4-x-Alpaca')).toBeVisible();
  await page.getByRole('button', { name: 'Alpaca 13B', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Alpaca 13B' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Alpaca 13B', exact: true })).toBeFocused();
});

test('presets that suit a model are put in force, and taken back', async ({ chat: { page } }) => {
  await openSection(page, 'Catalogue');
  await page.getByRole('button', { name: 'Llama 3.2 1B Instruct' }).click();
  await page.getByRole('button', { name: 'Use Llama 3' }).click();
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await expect(page.getByRole('slider', { name: 'temperature', exact: true })).toHaveValue('0.6');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('slider', { name: 'temperature', exact: true })).toHaveValue('0.7');
});

test('a file that is on this machine is loaded from its model, and answers', async ({ launch }) => {
  const path = join(launch.home, 'models', smolFile.name);
  mkdirSync(join(launch.home, 'models'));
  copyFileSync(starterModel(), path);
  // What follows the tensors is not read: the starter passes for the file of this name and size.
  truncateSync(path, smolFile.sizeBytes);
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await openSection(page, 'Catalogue');
  await expect(cards(page).filter({ hasText: 'On this machine' })).toHaveText([/^SmolLM2 135M Instruct/]);
  await page.getByRole('button', { name: 'SmolLM2 135M Instruct' }).click();
  const files = page.getByRole('list', { name: /^Files of bartowski/ });
  await expect(files).toContainText(path);
  await files.getByRole('button', { name: `Load ${smolFile.name}` }).click();
  await expect(files.getByText('Loaded', { exact: true })).toBeVisible({ timeout: 45_000 });
  await page.getByRole('tab', { name: 'Chat', exact: true }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
});

test('a file is downloaded from its model, and one that is not what it should be is refused', async ({
  launch,
}) => {
  const hub = await startHub([
    { id: 'mradermacher/koala-13B-HF-GGUF', files: { 'koala-13B-HF.Q4_K_M.gguf': plainModel } },
    { id: 'bartowski/SmolLM2-135M-Instruct-GGUF', files: { [smolFile.name]: plainModel } },
  ]);
  const { page } = await launch.open({ ...scripted(launch.home), HF_ENDPOINT: hub.endpoint });
  await openSection(page, 'Catalogue');
  await page.getByRole('button', { name: 'Koala 13B' }).click();
  await page
    .getByRole('list', { name: /^Files of mradermacher/ })
    .getByRole('button', { name: 'Download koala-13B-HF.Q4_K_M.gguf' })
    .click();
  await expect(page.getByText('is in the list of downloads')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'SmolLM2 135M Instruct' }).click();
  await page
    .getByRole('button', { name: `Download ${smolFile.name}` })
    .first()
    .click();
  await page.getByRole('alert').filter({ hasText: 'were promised' }).getByLabel('Dismiss').click();
  await page.getByRole('tab', { name: 'Downloads' }).click();
  const item = (name: string) => page.getByRole('listitem', { name });
  await expect(item('Koala 13B Q4_K_M')).toContainText('Done', { timeout: 20_000 });
  await expect(item('SmolLM2 135M Instruct Q4_K_M')).toContainText(/size|bytes|SHA-256/i, {
    timeout: 20_000,
  });
  await expect(item('SmolLM2 135M Instruct Q4_K_M')).not.toContainText('Done');
  await hub.close();
});

test('the catalogue is kept in the database and read from there after a restart', async ({ launch }) => {
  const first = await launch.open(scripted(launch.home));
  await openSection(first.page, 'Catalogue');
  await expect(cards(first.page)).toHaveCount(36);
  await launch.close(first);
  placeModel(launch.home, smolFile.name);
  truncateSync(join(launch.home, 'models', smolFile.name), smolFile.sizeBytes);
  const { page } = await launch.open(scripted(launch.home));
  await openSection(page, 'Catalogue');
  await expect(cards(page)).toHaveCount(36);
  await expect(cards(page).filter({ hasText: 'On this machine' })).toHaveCount(1);
});

test('the history tells and compares, with its chart as a table as well', async ({ chat: { page } }) => {
  await openSection(page, 'History');
  await expect(page.getByRole('heading', { name: 'The short history' })).toBeVisible();
  await expect(page.getByRole('img', { name: /Results of the sizes of LLaMA/ })).toBeVisible();
  await page.getByText('As a table').click();
  const shares = page.getByRole('region', { name: 'Results by size' });
  await expect(shares.getByRole('row', { name: /^Mathematics/ })).toHaveText(
    /Mathematics\s*27\s*39\s*72\s*100/,
  );
  const judged = page.getByRole('region', { name: 'Human and judge results' }).getByRole('row');
  await expect(judged).toHaveCount(9);
  await expect(judged.nth(1)).toHaveText(/Vicuna 33B v1.3\s*7.12\s*–\s*59.2/);
  await expect(page.getByRole('row', { name: /^ArXiv/ })).toContainText('2.5 %');
});

for (const theme of ['light', 'dark'] as const) {
  test(`all of it is readable by assistive technology in a small window, ${theme}`, async ({
    chat: { app, page },
  }) => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(640, 480));
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: theme === 'light' ? 'Light' : 'Dark' }).check();
    await openSection(page, 'Catalogue');
    await expect(cards(page)).toHaveCount(36);
    const fitsWindow = () =>
      page.locator('.page').evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth);
    expect(await violations(page)).toEqual([]);
    expect(await fitsWindow()).toBe(true);
    for (const name of ['LLaMA 7B', 'Alpaca 7B', 'OpenAssistant SFT-7 LLaMA 30B']) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('heading', { name })).toBeFocused();
      expect(await violations(page)).toEqual([]);
      expect(await fitsWindow()).toBe(true);
      await page.keyboard.press('Escape');
    }
    await openSection(page, 'History');
    await page.getByText('As a table').click();
    expect(await violations(page)).toEqual([]);
    expect(await fitsWindow()).toBe(true);
  });
}
