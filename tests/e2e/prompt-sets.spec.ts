/** Prompt sets as a user looks at them, writes them and brings them in. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { violations } from './axe.js';
import { expect, test } from './fixtures.js';

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const openSets = async (page: Page) => {
  await tab(page, 'Compare');
  await tab(page, 'Prompt sets');
};
const sets = (page: Page) => page.getByRole('group', { name: 'Prompt sets' }).getByRole('button');
const prompts = (page: Page) => page.getByRole('list', { name: 'Prompts' }).getByRole('listitem');
const answerDialogs = (app: ElectronApplication, open: string, save: string) =>
  app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [paths.open] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.save });
    },
    { open, save },
  );

test('the set that comes with the app is read by category, and copied to be changed', async ({
  chat: { page },
}) => {
  await openSets(page);
  await expect(prompts(page)).toHaveCount(80);
  await page.getByRole('button', { name: 'calculation 12' }).click();
  await expect(prompts(page)).toHaveCount(12);
  await expect(prompts(page).first()).toContainText('What is 17 × 24?');
  const shipped = page.getByRole('region', { name: 'Prompt set Altiplano 80' });
  await expect(shipped.getByRole('textbox')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Duplicate' }).click();
  await expect(sets(page)).toHaveText(['Altiplano 80 80', 'Altiplano 80 2 80']);
  await expect(page.getByRole('textbox', { name: 'Name of the set' })).toBeFocused();
});

test('a set is written, kept, undone, brought in from a file and sent out', async ({ chat, launch }) => {
  const { app, page } = chat;
  await openSets(page);
  await page.getByRole('button', { name: 'New set' }).click();
  const name = page.getByRole('textbox', { name: 'Name of the set' });
  await expect(name).toBeFocused();
  await name.fill('Mine');
  await name.blur();
  await page.getByRole('button', { name: 'Add a prompt' }).click();
  const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
  await expect(prompt).toBeFocused();
  await prompt.fill('Who spits?');
  await page.getByText('Reference answer').click();
  await page.getByRole('textbox', { name: 'Reference answer' }).fill('The llama.');
  await expect(sets(page)).toHaveText(['Altiplano 80 80', 'Mine 1']);
  expect(await violations(page)).toEqual([]);
  // What was written is kept without any further step.
  await tab(page, 'Chat');
  await openSets(page);
  await page.getByRole('button', { name: 'Mine 1' }).click();
  await expect(prompt).toHaveValue('Who spits?');

  await prompts(page).first().getByRole('button', { name: 'Delete' }).click();
  await expect(prompts(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(prompt).toHaveValue('Who spits?');

  const file = join(launch.home, 'bench.jsonl');
  writeFileSync(file, '{"turns": ["one", "then"], "category": "math"}\nno json\n{"question": "two"}\n');
  await answerDialogs(app, file, join(launch.home, 'out.jsonl'));
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('Line 2: this is not JSON.')).toBeVisible();
  await expect(prompts(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText('Exported to')).toBeVisible();
  expect(readFileSync(join(launch.home, 'out.jsonl'), 'utf8')).toBe(
    '{"prompt":"one","category":"math"}\n{"prompt":"two","category":"general"}\n',
  );
});
