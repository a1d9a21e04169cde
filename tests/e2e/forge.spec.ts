/** The forge in the real app: a GGML file of 2023 and a quantised model end as chatting ones. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { legacyGgml, legacyShape } from '../fixtures/legacy-ggml.js';
import { violations } from './axe.js';
import { ask, expect, request, starterModel, test } from './fixtures.js';

test.setTimeout(120_000);

const openImport = async (page: Page) => {
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('tab', { name: 'Import' }).click();
};
/** Stands in for the dialog of the system, which tests can't use. */
const chooseFile = async (app: ElectronApplication, page: Page, path: string) => {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
  await page.getByRole('button', { name: 'Choose a file…' }).click();
};
const job = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Jobs' }).getByLabel(name, { exact: true });
const chat = async (page: Page) => {
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('hello');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('log').getByRole('article').last();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 60_000 });
  return (await reply.innerText()).trim();
};

test('a GGML file of 2023 ends as a chatting model', async ({ launch }) => {
  const path = join(launch.home, 'ggml-vicuna-7b-q4_0.bin');
  writeFileSync(path, legacyGgml('ggjt v1', 'Q4_0').parts[0]!);
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await ask(page, 'settings.set', { contextSize: 512 });
  await openImport(page);
  await chooseFile(app, page, path);
  const form = page.getByRole('form', { name: 'Import ggml-vicuna-7b-q4_0.bin' });
  await expect(form).toContainText('GGML, ggjt v1');
  await expect(form).toContainText('512 tokens');
  await expect(form).toContainText('Vicuna without a version');
  await expect(form.getByLabel('Prompt template')).toHaveValue('vicuna-v0');
  await expect(form.getByLabel('Name of the new model')).toHaveValue('vicuna-7b.Q4_0');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(page)).toEqual([]);
  }
  await form.getByRole('button', { name: 'Import' }).click();
  const made = job(page, 'vicuna-7b.Q4_0');
  await made.getByRole('button', { name: 'Load' }).click({ timeout: 30_000 });
  await expect(made.getByRole('button', { name: 'Loaded' })).toBeVisible({ timeout: 30_000 });
  expect(await violations(page)).toEqual([]);
  expect(await ask(page, 'models.status')).toMatchObject({ state: 'ready', template: { id: 'vicuna-v0' } });
  expect(await chat(page)).not.toBe('');
});

test('the starter is quantised again, measured, and chats', async ({ launch }) => {
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await openImport(page);
  await chooseFile(app, page, starterModel());
  const form = page.getByRole('form', { name: /^Quantise SmolLM2/ });
  const start = form.getByRole('button', { name: 'Quantise' });
  // It has lost something already: that has to be wanted.
  await expect(start).toBeDisabled();
  await form.getByRole('checkbox', { name: /Quantise again/ }).check();
  await form.getByLabel('Quantisation').selectOption('Q8_0');
  await form.getByLabel('Name of the new model').fill('Small.Q8_0');
  await start.click();
  const made = job(page, 'Small.Q8_0');
  await expect(made).toContainText(/perplexity \d+\.\d\d → \d+\.\d\d/, { timeout: 90_000 });
  await made.getByRole('button', { name: 'Load' }).click();
  await expect(made.getByRole('button', { name: 'Loaded' })).toBeVisible({ timeout: 30_000 });
  expect(await chat(page)).toMatch(/[a-z]{3}/i);
});

test('a crash of the forge is told, leaves nothing half done, and the chat goes on', async ({ launch }) => {
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await openImport(page);
  await ask(page, 'forge.start', {
    ...{ kind: 'quantize', path: starterModel(), name: 'never', quantization: 'Q6_K' },
    ...{ requantize: true, compare: true },
  });
  const forge = await expect
    .poll(() => forgePid(app), { timeout: 20_000 })
    .not.toBeNull()
    .then(() => forgePid(app));
  process.kill(forge!, 'SIGKILL');
  await expect(job(page, 'never')).toContainText('stopped unexpectedly');
  expect(readdirSync(join(launch.home, 'models')).filter((name) => name.startsWith('never'))).toEqual([]);
  expect(await chat(page)).toMatch(/[a-z]/i);
});

test('a job is cancelled in the middle, and the next one waits for its turn', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await openImport(page);
  const task = { kind: 'quantize', path: starterModel(), requantize: true, compare: true };
  await ask(page, 'forge.start', { ...task, name: 'first', quantization: 'Q6_K' });
  await ask(page, 'forge.start', { ...task, name: 'second', quantization: 'Q8_0', compare: false });
  await expect(job(page, 'second')).toContainText('Waits');
  await expect(job(page, 'first')).toContainText('%');
  await job(page, 'first').getByRole('button', { name: 'Cancel' }).click();
  await expect(job(page, 'first')).toContainText('Cancelled');
  await expect(job(page, 'second').getByRole('button', { name: 'Load' })).toBeVisible({ timeout: 60_000 });
  expect(readdirSync(join(launch.home, 'models'))).toEqual(['second.gguf']);
});

test('bad files and names: what is wrong and what to do, and nothing is written', async ({ launch }) => {
  const small = { ...legacyShape, vocabulary: 400 };
  const whole = legacyGgml('ggjt v3', 'F16', { shape: small }).parts[0]!;
  const cut = join(launch.home, 'koala-7B.ggmlv3.f16.bin');
  writeFileSync(cut, whole.subarray(0, whole.length - 1000));
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(640, 480));
  await openImport(page);
  await chooseFile(app, page, cut);
  await expect(page.getByRole('alert')).toContainText('not downloaded to its end');
  writeFileSync(cut, whole);
  await chooseFile(app, page, cut);
  const form = page.getByRole('form');
  await form.getByLabel('Name of the new model').fill('../../evil');
  await form.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('alert')).toContainText('can’t be the name of a file');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(640);
  expect(await request(page, 'forge.start', { kind: 'import-ggml', path: cut })).toMatchObject({ ok: false });
  expect(readdirSync(join(launch.home, 'models'))).toEqual([]);
});

const forgePid = (app: ElectronApplication): Promise<number | null> =>
  app.evaluate(
    ({ app: running }) =>
      running.getAppMetrics().find(({ serviceName, name }) => [serviceName, name].includes('Altiplano forge'))
        ?.pid ?? null,
  );
