/** Prompt templates of one's own: from a family's, piece by piece or in Jinja, looked at token by token, used and shared. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { violations } from './axe.js';
import { expect, starterModel, test } from './fixtures.js';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Prompt templates' });
const open = async (page: Page) => {
  await page.getByRole('tab', { name: 'Parameters', exact: true }).click();
  await page.getByRole('button', { name: 'Templates…' }).click();
};

test('a copy of a family’s is changed and shown in the tokens of the real model, and the model answers by it', async ({
  launch,
}) => {
  writeFileSync(
    join(launch.home, 'settings.json'),
    JSON.stringify({ sampling: { temperature: 0, max_new_tokens: 8 } }),
  );
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await page.getByRole('textbox', { name: 'Message' }).fill('Say yes.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await open(page);
  const sheet = dialog(page);
  await sheet.getByRole('button', { name: 'Alpaca, GPT4-x-Alpaca' }).click();
  await sheet.getByRole('button', { name: 'Duplicate' }).click();
  await sheet.getByRole('textbox', { name: 'Before a question' }).fill('### Llama asks:\n');
  const tokens = sheet.getByRole('region', { name: 'Tokens of the prompt' });
  await expect(tokens).toContainText('###·Llama·asks:');
  await expect(sheet.getByRole('region', { name: 'Preview' })).toContainText('"### Llama asks:"');
  expect(await violations(page)).toEqual([]);
  await sheet.getByRole('button', { name: /^Use it for SmolLM2/ }).click();
  await expect(sheet).toContainText('gets its prompts by it.', { timeout: 45_000 });
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(
    page.getByRole('combobox', { name: /^Prompt template of/ }).locator('option:checked'),
  ).toHaveText('Alpaca, GPT4-x-Alpaca 2');
});

test('Jinja is checked as it is typed, with the line; a file comes in and goes out; a deleted one comes back', async ({
  launch,
  chat: { app, page },
}) => {
  const [input, output] = [join(launch.home, 'Old.yaml'), join(launch.home, 'out.yaml')];
  writeFileSync(
    input,
    'instruction_template: |-\n  {%- for m in messages -%}\n  {{ m.content }}\n  {%- endfor -%}\n',
  );
  await app.evaluate(
    ({ dialog: dialogs }, paths) => {
      dialogs.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [paths.input] });
      dialogs.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.output });
    },
    { input, output },
  );
  await open(page);
  const sheet = dialog(page);
  await sheet.getByRole('button', { name: 'New in Jinja' }).click();
  const text = sheet.getByRole('textbox', { name: /^Jinja/ });
  await text.fill('one\nbad');
  await expect(sheet.getByText('Line 2: the script can’t read it.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Go to line 2' }).click();
  await expect(text).toBeFocused();
  await text.fill('{{ messages }}');
  await expect(sheet.getByText('It can be read.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Import…' }).click();
  await expect(sheet.getByRole('textbox', { name: 'Name' })).toHaveValue('Old');
  await expect(text).toHaveValue('{%- for m in messages -%}\n{{ m.content }}\n{%- endfor -%}');
  await sheet.getByRole('button', { name: 'Export…' }).click();
  await expect
    .poll(() => existsSync(output) && readFileSync(output, 'utf8'))
    .toBe(readFileSync(input, 'utf8'));
  await sheet.getByRole('button', { name: 'Delete' }).click();
  await expect(sheet.getByRole('button', { name: 'Old', exact: true })).toHaveCount(0);
  await page.getByText('Deleted “Old”').locator('..').getByRole('button', { name: 'Undo' }).click();
  await expect(sheet.getByRole('button', { name: 'Old', exact: true })).toBeVisible();
  writeFileSync(input, 'temperature: 1\n');
  await sheet.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('“Old” is no instruction template')).toBeVisible();
});
