/** Loading a model: what is shown, lower settings after a failure, cancelling at any moment. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, placeModel, scripted, test } from './fixtures.js';

const picker = (page: Page) => page.getByRole('combobox', { name: 'Model' });
const note = (page: Page) => page.getByRole('note');
const wantContext = (home: string, contextSize: number) =>
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ contextSize }));

test('too little memory for the context: the next smaller one that fits, said and remembered', async ({
  launch,
}) => {
  wantContext(launch.home, 16_384);
  const env = scripted(launch.home);
  const model = { ALTIPLANO_STARTER_MODEL: placeModel(launch.home, 'memory-above-5000.gguf') };
  const first = await launch.open({ ...env, ...model });
  const said = 'Loaded with a context of 4,096 instead of 16,384: there was not enough memory.';
  await expect(note(first.page)).toContainText(said);
  await launch.close(first);

  const { page } = await launch.open({ ...env, ...model });
  await expect(note(page)).toContainText(said);
  await page.getByRole('tab', { name: 'Models' }).click();
  await expect(page.getByRole('list', { name: 'Model files' }).getByRole('note')).toContainText(said);
  await page.getByRole('button', { name: 'Try the full settings again' }).click();
  await expect(note(page)).toContainText(said);
  // Another setting is tried as it is.
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await page.getByRole('spinbutton', { name: 'Context size (tokens)' }).fill('3000');
  await page.getByRole('button', { name: 'Reload model to apply' }).click();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await expect(page.getByRole('button', { name: /of 3,000/ })).toBeVisible();
  await expect(note(page)).toHaveCount(0);
});

test('a context that crashes the engine: a safe one in a new engine', async ({ launch }) => {
  wantContext(launch.home, 16_384);
  const path = placeModel(launch.home, 'crash-above-2048.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  await expect(note(page)).toContainText(
    'Loaded with a context of 2,048 instead of 16,384: the engine crashed.',
  );
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: hello');
});

test('a file that crashes the engine with every setting is given up, with all that was tried', async ({
  launch,
}) => {
  const path = placeModel(launch.home, 'crash-above-1.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The engine crashes on this file.');
  await alert.getByText('Details').click();
  await expect(alert).toContainText('context 2,048, KV cache f16, GPU layers -1: The engine stopped');
  await expect(alert).toContainText('context 512, KV cache f16, GPU layers -1: The engine stopped');
});

test('loading is shown and can be cancelled; what was asked meanwhile is told', async ({ launch }) => {
  const path = placeModel(launch.home, 'slow.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  await expect(page.getByText(/^Loading [3-9]0 %$/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Loading')).toHaveCount(0);
  await picker(page).selectOption({ label: 'Scripted-7B' });
  await expect(picker(page)).toHaveValue(/Scripted-7B/);
});

test('an engine that does not hear the cancelling is replaced', async ({ launch }) => {
  const path = placeModel(launch.home, 'deaf.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Loading')).toHaveCount(0, { timeout: 5000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await picker(page).selectOption({ label: 'Scripted-7B' });
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: hello');
});
