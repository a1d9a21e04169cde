/** Batches as a user begins them: killed in the middle, gone on with, and judged by a model. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Batch } from '../../preload/contract/batches.js';
import { violations } from './axe.js';
import { ask, expect, placeModel, scripted, test } from './fixtures.js';

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const openBatches = async (page: Page) => {
  await tab(page, 'Compare');
  await tab(page, 'Batches');
};
const answerDialogs = (app: ElectronApplication, path: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
  }, path);
const isKeptAwake = (app: ElectronApplication) =>
  app.evaluate(({ powerSaveBlocker }) => [0, 1, 2].some((id) => powerSaveBlocker.isStarted(id)));
const done = async (page: Page) => (await ask<Batch[]>(page, 'batches.list'))[0]?.done;

type Exported = {
  readonly replies: readonly {
    readonly contestant: string;
    readonly prompt: number;
    readonly text: string;
  }[];
};
async function exported(app: ElectronApplication, page: Page, path: string): Promise<Exported> {
  await answerDialogs(app, path);
  await page.getByRole('button', { name: 'Export JSON…' }).click();
  await expect(page.getByText('Exported to')).toBeVisible();
  return JSON.parse(readFileSync(path, 'utf8')) as Exported;
}

test('a batch is killed with -9 in the middle, goes on without repeating, gives way to a chat, and is judged', async ({
  launch,
}) => {
  test.setTimeout(90_000);
  const env = scripted(launch.home);
  placeModel(launch.home, 'Other-7B-Q4_0.gguf');
  const file = join(launch.home, 'night.jsonl');
  // Each process of the engine counts its rolls: a reply that was written again would tell another number.
  const asks = ['dice', 'dice again', 'slow 100 words', 'the last dice'];
  writeFileSync(file, asks.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));

  const first = await launch.open(env);
  await tab(first.page, 'Compare');
  await tab(first.page, 'Prompt sets');
  await answerDialogs(first.app, file);
  await first.page.getByRole('button', { name: 'Import…' }).click();
  await tab(first.page, 'Batches');
  await first.page.getByLabel('Prompts', { exact: true }).selectOption({ label: 'night' });
  for (const [index, name] of ['Scripted-7B', 'Other-7B-Q4_0'].entries()) {
    await first.page
      .getByRole('combobox', { name: `Contestant ${index + 1}: model` })
      .selectOption({ label: name });
  }
  await expect(first.page.getByText('8 replies, which make 4 duels')).toBeVisible();
  expect(await violations(first.page)).toEqual([]);
  await first.page.getByRole('button', { name: 'Start' }).click();
  await expect(first.page.getByRole('listitem').getByText('Other-7B-Q4_0').first()).toBeVisible();
  expect(await isKeptAwake(first.app)).toBe(true);
  // Two measurements of perplexity, four replies of the first contestant, two of the second one.
  await expect.poll(() => done(first.page), { timeout: 30_000, intervals: [30] }).toBe(8);
  first.app.process().kill('SIGKILL');
  await first.app.waitForEvent('close');

  const { app, page } = await launch.open(env);
  await openBatches(page);
  const batch = page.getByRole('region', { name: 'night', exact: true });
  await expect(batch.getByRole('status')).toContainText('of 10: Other-7B-Q4_0', { timeout: 15_000 });
  // A person who asks goes first.
  await tab(page, 'Chat');
  await page.getByRole('textbox', { name: 'Message' }).fill('hello there');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').last()).toContainText('Echo: hello there');
  await openBatches(page);
  await expect(batch.getByRole('status')).toHaveText('Done: 10 of 10', { timeout: 20_000 });
  await expect(batch).toContainText('4 duels wait for your vote');
  await expect.poll(() => isKeptAwake(app)).toBe(false);

  await batch.getByRole('button', { name: 'Results' }).click();
  const figures = batch.getByRole('table', { name: 'Figures' });
  await expect(figures.getByRole('row')).toHaveCount(3);
  await expect(figures.getByRole('row').nth(2)).toContainText('12.35');
  expect(await violations(page)).toEqual([]);
  const { replies } = await exported(app, page, join(launch.home, 'out.json'));
  const of = (name: string) =>
    replies.filter(({ contestant }) => contestant === name).map(({ text }) => text);
  expect(of('Scripted-7B')).toEqual([
    'You rolled 1.',
    'You rolled 2.',
    expect.stringContaining('word100'),
    'You rolled 3.',
  ]);
  expect(of('Other-7B-Q4_0')).toEqual([
    'You rolled 1.',
    'You rolled 2.',
    expect.stringContaining('word100'),
    // The first one of the process that went on.
    'You rolled 1.',
  ]);

  // The scripted judge prefers whatever comes first: all its verdicts are ties.
  await batch.getByRole('combobox', { name: 'Judge' }).selectOption({ label: 'Scripted-7B' });
  await batch.getByRole('button', { name: 'Let it judge the duels' }).click();
  const judging = page.getByRole('region', { name: 'Scripted-7B judges “night”' });
  await expect(judging.getByRole('status')).toHaveText('Done: 8 of 8', { timeout: 15_000 });
  await expect(batch).toContainText('on 100 % of the pairs (4 of 4) the two orders differed');
  await expect(batch).toContainText('its agreement with you is not known');
  await batch.getByRole('button', { name: 'Vote' }).click();
  await page.getByRole('group', { name: 'Your vote' }).getByRole('button').nth(2).click();
  await expect(page.getByText('3 duels of batches wait for your vote')).toBeVisible();
  await openBatches(page);
  await expect(batch).toContainText('3 duels wait for your vote');
  await expect(batch).toContainText('It agrees with you on 100 % (1 of 1 duels)');
});

test('a batch is paused, gone on with and deleted, with a way back', async ({ launch }) => {
  const { page } = await launch.open(scripted(launch.home));
  const { id: setId } = await ask<{ id: string }>(page, 'promptSets.create', { name: 'Slow' });
  for (const text of ['slow 60', 'hello'])
    await ask(page, 'promptSets.addPrompt', {
      ...{ setId, content: { category: 'general', level: null, text, reference: '' } },
    });
  await openBatches(page);
  await page.getByLabel('Prompts', { exact: true }).selectOption({ label: 'Slow' });
  await page.getByRole('checkbox', { name: 'Measure perplexity' }).uncheck();
  await page.getByRole('button', { name: 'Start' }).click();
  const batch = page.getByRole('region', { name: 'Slow', exact: true });
  await expect(batch.getByRole('status')).toHaveText('0 of 2: Scripted-7B');
  await batch.getByRole('button', { name: 'Pause' }).click();
  await expect(batch.getByRole('status')).toHaveText('Paused at 0 of 2');
  await batch.getByRole('button', { name: 'Delete' }).click();
  await expect(batch).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(batch.getByRole('status')).toHaveText('Paused at 0 of 2');
  await batch.getByRole('button', { name: 'Resume' }).click();
  await expect(batch.getByRole('status')).toHaveText('Done: 2 of 2');
});
