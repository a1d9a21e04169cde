/** Comparing models: side by side, in blind duels, and on the leaderboard. Leaves a screenshot of the README in out/. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { Match } from '../../preload/contract/arena.js';
import { shapes, writeRandomLlama } from '../fixtures/random-llama.js';
import { violations } from './axe.js';
import { ask, expect, placeModel, runCommand, scripted, starterModel, test } from './fixtures.js';

const screenshots = fileURLToPath(new URL('../../out/screenshots/', import.meta.url));

const section = async (page: Page, name: string) => {
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByRole('tab', { name }).click();
};
const question = (page: Page) => page.getByRole('textbox', { name: 'Question' });
const replies = (page: Page) => page.getByRole('region', { name: 'Replies', exact: true });

test('side by side: the same question for all, each with what is set for it; kept as versions, and undone', async ({
  launch,
}) => {
  const env = scripted(launch.home);
  placeModel(launch.home, 'Vicuna-7B.gguf');
  const { page } = await launch.open(env);
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();

  await section(page, 'Side by side');
  await page.getByRole('combobox', { name: 'Column 2: model' }).selectOption({ label: 'Vicuna-7B' });
  await page.getByRole('button', { name: 'Add a column' }).click();
  await page.getByRole('combobox', { name: 'Column 3: preset' }).selectOption({ label: 'Big O' });
  await expect(page.getByText(/2 models need about .* they stay loaded together/)).toBeVisible();
  await page.getByRole('combobox', { name: 'Go on with' }).selectOption({ label: 'Hello' });
  await question(page).fill('settings');
  await page.keyboard.press('Enter');
  const columns = replies(page).getByRole('region');
  await expect(columns).toHaveCount(3);
  await expect(columns.nth(2)).toContainText('tok/s');
  await expect(columns.nth(0)).toContainText('temperature');
  const temperatures = await Promise.all(
    [0, 1, 2].map(async (at) => /temperature ([\d.]+)/.exec(await columns.nth(at).innerText())?.[1]),
  );
  expect(temperatures[0]).toBe(temperatures[1]);
  expect(temperatures[2]).not.toBe(temperatures[0]);
  await expect(columns.nth(1).getByRole('heading')).toHaveText('Vicuna-7B');
  await expect(columns.nth(2).getByRole('heading')).toHaveText('Vicuna-7B · Big O');
  // What compares is not what the chats use.
  await expect(page.getByRole('combobox', { name: 'Model', exact: true }).locator(':checked')).toHaveText(
    'Scripted-7B',
  );

  await page.getByRole('button', { name: 'Keep all in a chat' }).click();
  await expect(page.getByText('Kept as versions in “Hello”')).toBeVisible();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await expect(page.getByRole('article')).toHaveCount(4);
  await expect(page.getByRole('article').last()).toContainText('3/3');
  await runCommand(page, 'undo', 'Undo');
  await expect(page.getByRole('article')).toHaveCount(2);
});

test('each reply is stopped by itself, and what is written is there after a reload', async ({ launch }) => {
  const env = scripted(launch.home);
  placeModel(launch.home, 'Vicuna-7B.gguf');
  const { page } = await launch.open(env);
  await section(page, 'Side by side');
  await question(page).fill('slow 300');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const first = replies(page).getByRole('region').first();
  await expect(first).toContainText('word5');
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await section(page, 'Side by side');
  await expect(first).toContainText('word15');
  await first.getByRole('button', { name: /^Stop/ }).click();
  await expect(first).toContainText('Stopped.');
  const second = replies(page).getByRole('region').last();
  await expect(second).toContainText('word5');
  await page.getByRole('tab', { name: 'Chat' }).click();
  await section(page, 'Side by side');
  await page.keyboard.press('Escape');
  await expect(second).toContainText('Stopped.');
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeVisible();
});

test('a blind duel of two real models: written, voted on, revealed, taken back, rated, exported, deleted', async ({
  launch,
}) => {
  const sampling = { temperature: 0, max_new_tokens: 12, ban_eos_token: true };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  mkdirSync(join(launch.home, 'models'));
  const names = ['Alpaca-tiny', 'Vicuna-tiny'];
  const [path = ''] = names.map((name) => join(launch.home, 'models', `${name}.gguf`));
  for (const [index, name] of names.entries()) {
    await writeRandomLlama(join(launch.home, 'models', `${name}.gguf`), shapes.tiny, index + 1);
  }
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: path });
  await section(page, 'Blind duel');
  await page.getByRole('combobox', { name: 'Contestant 2: model' }).selectOption({ label: 'Vicuna-tiny' });
  await page.getByRole('combobox', { name: 'Category' }).fill('knowledge');
  await question(page).fill('what is the capital of france');
  await page.getByRole('button', { name: 'Begin the duel' }).click();

  const duel = page.getByRole('region', { name: 'Duel' });
  const vote = page.getByRole('group', { name: 'Your vote' });
  await expect(vote).toBeVisible({ timeout: 45_000 });
  // Neither the page nor what main answers says who is who.
  expect(await duel.innerText()).not.toMatch(/tiny/);
  const hidden = await ask<Match>(page, 'arena.last', { kind: 'duel' });
  expect(hidden.replies.every(({ text }) => text !== '')).toBe(true);
  expect(JSON.stringify(hidden)).not.toMatch(/tiny|tokensPerSecond/);
  await page.getByText('Mark five aspects, if you like').click();
  await page.getByRole('combobox', { name: 'Accuracy of A' }).selectOption('5');
  await page.getByRole('combobox', { name: 'Accuracy of B' }).selectOption('3');
  await page.getByRole('combobox', { name: 'Relevance of A' }).selectOption('4');
  await page.keyboard.press('F6');
  await expect(duel).toContainText('Your vote: A is better');
  const columns = duel.getByRole('region');
  const told = await columns.getByRole('heading').allInnerTexts();
  expect(told.map((title) => title.replace(/^[AB] · /, '')).sort()).toEqual(names);
  await expect(columns.first()).toContainText('tok/s');

  // The vote can be taken back, and hides the names again.
  await page.keyboard.press('Control+z');
  await expect(vote).toBeVisible();
  await expect(columns.first().getByRole('heading')).toHaveText('A');
  await page.keyboard.press('F6');
  await expect(duel).toContainText('Your vote: A is better');

  await page.getByRole('tab', { name: 'Leaderboard' }).click();
  const board = page.getByRole('region', { name: 'Leaderboard' });
  await expect(board.getByRole('row').nth(1)).toContainText(told[0]!.replace('A · ', ''));
  await expect(page.getByText(/not enough duels: never lost/)).toBeVisible();
  await page.getByRole('combobox', { name: 'Category' }).selectOption('knowledge');
  await expect(page.getByText('1 vote', { exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  const saved = join(launch.home, 'board.csv');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, saved);
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  await expect(page.getByText('Exported to')).toBeVisible();
  expect(readFileSync(saved, 'utf8').split('\r\n')[1]).toMatch(/one-sided,1,1,0,0,/);

  await page.getByText('The duels (1)').click();
  await page.getByRole('button', { name: /^Delete the duel/ }).click();
  await expect(page.getByText('No votes with this filter.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(board).toBeVisible();
});

test('two presets of the starter model answer unnamed, and the vote names them', async ({ launch }) => {
  // It loads its model while other programs use the cores, too.
  test.setTimeout(150_000);
  const sampling = { temperature: 0, max_new_tokens: 90 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await section(page, 'Blind duel');
  await page
    .getByRole('combobox', { name: 'Contestant 2: preset' })
    .selectOption({ label: 'Divine Intellect' });
  await question(page).fill('Why do llamas live in the mountains? Answer in two sentences.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Your vote' })).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'B is better' }).click();
  const duel = page.getByRole('region', { name: 'Duel' });
  await expect(duel).toContainText('SmolLM2-135M-Instruct-Q4_1 · Divine Intellect');
  await expect(duel).toContainText(/[\d.]+ tok\/s · first token [\d.]+ s · \d+ tokens/);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  mkdirSync(screenshots, { recursive: true });
  for (const [theme, name] of [
    ['light', 'compare'],
    ['dark', 'compare-dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: `${screenshots}${name}.png` });
  }
});
