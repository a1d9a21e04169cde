/** Released weights in the real app: a Hugging Face folder and a difference with its base end as chatting models. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { difference, hfShape, hfTensors, writeHfFolder, writeReference } from '../fixtures/hf-llama.js';
import { violations } from './axe.js';
import { ask, expect, test, type Opened } from './fixtures.js';

test.setTimeout(120_000);

/** Stands in for the dialog of the system, which tests can't use. */
const answerDialog = (app: ElectronApplication, path: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);

async function chooseFolder({ app, page }: Opened, path: string): Promise<void> {
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('tab', { name: 'Import' }).click();
  await answerDialog(app, path);
  await page.getByRole('button', { name: 'Choose a folder of weights…' }).click();
}

async function checkLooks(app: ElectronApplication, page: Page): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(page)).toEqual([]);
  }
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(640, 480));
  await expect.poll(() => page.evaluate('innerWidth')).toBe(640);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(640);
  expect(await violations(page)).toEqual([]);
}

async function loadAndChat(page: Page, name: string): Promise<void> {
  const made = page.getByRole('list', { name: 'Jobs' }).getByLabel(name, { exact: true });
  await made.getByRole('button', { name: 'Load' }).click({ timeout: 60_000 });
  await expect(made.getByRole('button', { name: 'Loaded' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 60_000 });
  expect(await page.getByRole('log').getByRole('article').last().innerText()).not.toBe('');
}

test('a Hugging Face folder ends as a chatting model', async ({ launch }) => {
  const reference = join(launch.home, 'reference.gguf');
  await writeReference(reference);
  const folder = join(launch.home, 'alpaca-7b-hf');
  writeHfFolder(folder, await hfTensors(reference), hfShape, { form: 'pytorch', type: 'F16', parts: 2 });
  const opened = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  const { app, page } = opened;
  await ask(page, 'settings.set', { contextSize: 512 });
  await chooseFolder(opened, folder);
  const form = page.getByRole('form', { name: 'Import alpaca-7b-hf' });
  await expect(form).toContainText('Whole weights');
  await expect(form).toContainText('512 tokens');
  await expect(form.getByLabel('Name of the new model')).toHaveValue('alpaca-7b.F16');
  await form.getByLabel('Quantisation').selectOption('Q8_0');
  await expect(form.getByLabel('Name of the new model')).toHaveValue('alpaca-7b.Q8_0');
  await checkLooks(app, page);
  await form.getByRole('button', { name: 'Import' }).click();
  await loadAndChat(page, 'alpaca-7b.Q8_0');
  expect(await ask(page, 'models.status')).toMatchObject({ state: 'ready', template: { id: 'alpaca' } });
  expect(readdirSync(join(launch.home, 'models'))).toEqual(['alpaca-7b.Q8_0.gguf']);
});

test('a difference and its base end as a chatting model; what does not fit is told before', async ({
  launch,
}) => {
  const at = (name: string) => join(launch.home, name);
  await writeReference(at('target.gguf'), hfShape, 1);
  await writeReference(at('base.gguf'), hfShape, 2);
  const base = await hfTensors(at('base.gguf'));
  writeHfFolder(at('llama-7b'), base, hfShape, { type: 'F16', parts: 2 });
  writeHfFolder(at('vicuna-7b-delta-v0'), difference(await hfTensors(at('target.gguf')), base), hfShape, {
    type: 'F16',
  });
  const other = { ...hfShape, feedForward: 192 };
  await writeReference(at('llama-13b.gguf'), other, 3);
  const opened = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  const { app, page } = opened;
  await ask(page, 'settings.set', { contextSize: 512 });
  await chooseFolder(opened, at('vicuna-7b-delta-v0'));
  const form = page.getByRole('form', { name: 'Import vicuna-7b-delta-v0' });
  await expect(form).toContainText('only a difference to another model');
  const choose = async (button: string, path: string) => {
    await answerDialog(app, path);
    await form.getByRole('button', { name: button }).click();
  };
  await choose('Choose a GGUF file…', at('llama-13b.gguf'));
  await expect(page.getByRole('alert')).toContainText('This is not the base of the difference');
  await expect(form.getByRole('button', { name: 'Import' })).toBeDisabled();
  await checkLooks(app, page);
  rmSync(join(at('llama-7b'), 'config.json'));
  await choose('Choose a folder…', at('llama-7b'));
  await expect(page.getByRole('alert')).toContainText('config.json');
  writeHfFolder(at('llama-7b'), base, hfShape, { type: 'F16', parts: 2 });
  await choose('Choose a folder…', at('llama-7b'));
  await expect(form).toContainText('A difference, added to its base');
  await form.getByRole('button', { name: 'Import' }).click();
  await loadAndChat(page, 'vicuna-7b-v0.F16');
  expect(await ask(page, 'models.status')).toMatchObject({ state: 'ready', template: { id: 'vicuna-v0' } });
});
