/** The library of grammars: choosing, writing, checking and sharing them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from './axe.js';
import { expect, runCommand, test } from './fixtures.js';

test('a grammar is copied, written, checked as it is typed, used for a chat, and deleted with a way back', async ({
  chat: { page },
}) => {
  await runCommand(page, 'open the grammars', 'Open the grammars');
  const sheet = page.getByRole('dialog', { name: 'Grammars' });
  await sheet.getByRole('button', { name: 'Chess moves' }).click();
  const text = sheet.getByRole('textbox', { name: /^Grammar/ });
  await expect(text).toHaveAttribute('readonly');
  expect(await violations(page)).toEqual([]);
  await sheet.getByRole('button', { name: 'Duplicate' }).click();
  const name = sheet.getByRole('textbox', { name: 'Name' });
  await expect(name).toHaveValue('Chess moves 2');
  await name.fill('Colours');
  await name.press('Enter');
  await text.fill('root ::= colour\ncolour ::= "red" | blue');
  await expect(sheet.getByRole('status')).toContainText('Line 2: there is no rule named “blue”.');
  await expect(sheet.getByRole('button', { name: /^Use it/ })).toBeDisabled();
  await sheet.getByRole('button', { name: 'Go to line 2' }).click();
  await expect(text).toBeFocused();
  await text.fill('root ::= "red" | "blue"');
  await expect(sheet.getByRole('status')).toHaveText('It can be read.');
  await sheet.getByRole('button', { name: 'Use it everywhere' }).click();
  await expect(sheet).toContainText('Replies follow it everywhere.');
  await sheet.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await expect(page.getByRole('textbox', { name: 'grammar_string' })).toHaveValue('root ::= "red" | "blue"');

  await page.getByRole('button', { name: 'Grammars…' }).click();
  await sheet.getByRole('button', { name: 'Person' }).click();
  await sheet.getByRole('button', { name: 'Use it everywhere' }).click();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('textbox', { name: 'grammar_string' })).toHaveValue('');
  await expect(page.getByRole('textbox', { name: 'json_schema' })).toHaveValue(/"occupation"/);

  await page.getByRole('button', { name: 'Grammars…' }).click();
  await sheet.getByRole('button', { name: 'Colours' }).click();
  await sheet.getByRole('button', { name: 'Delete' }).click();
  await expect(sheet.getByRole('button', { name: 'Colours' })).toHaveCount(0);
  await page.getByText('Deleted “Colours”').locator('..').getByRole('button', { name: 'Undo' }).click();
  await expect(sheet.getByRole('button', { name: 'Colours' })).toBeVisible();
});

test('grammars and schemas come in as files and go out again; what is no text changes nothing', async ({
  launch,
  chat: { app, page },
}) => {
  const [input, output] = [join(launch.home, 'Animals.gbnf'), join(launch.home, 'out.gbnf')];
  writeFileSync(input, 'root ::= "llama" | "alpaca"\n');
  await app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [paths.input] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.output });
    },
    { input, output },
  );
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await page.getByRole('button', { name: 'Grammars…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Grammars' });
  await sheet.getByRole('button', { name: 'Import…' }).click();
  await expect(sheet.getByRole('textbox', { name: 'Name' })).toHaveValue('Animals');
  await sheet.getByRole('button', { name: 'Export…' }).click();
  await expect.poll(() => readFileSync(output, 'utf8')).toBe('root ::= "llama" | "alpaca"\n');
  writeFileSync(input, Buffer.from([0, 1, 2, 3]));
  await sheet.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('“Animals” can’t be imported.')).toBeVisible();
});
