/** Demands on a reply as a user makes them, and what the model expects of a text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, starterModel, test } from './fixtures.js';

test('the next tokens stand beside a note, and one of them can be added and taken back', async ({
  chat: { page },
}) => {
  await page.getByRole('tab', { name: 'Notebook' }).click();
  const note = page.getByRole('textbox', { name: 'Note' });
  await note.fill('I like the');
  await page.getByRole('button', { name: 'Next token' }).click();
  const panel = page.getByRole('region', { name: 'Next token' });
  await expect(panel.getByRole('row')).toHaveText([
    'Next tokenModelSamplers',
    '·llama70.0100.0',
    '·alpaca25.0–',
    '<|im_end|>5.0–',
  ]);
  await panel.getByRole('button', { name: 'Insert " llama"' }).press('Enter');
  await expect(note).toHaveValue('I like the llama');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(note).toHaveValue('I like the');
  await page.getByRole('button', { name: 'Perplexity' }).click();
  await expect(page.getByText('Perplexity 12.35 over 3 tokens')).toBeVisible();
  await note.fill('I like');
  await expect(page.getByText('Perplexity 12.35')).toBeHidden();
});

test('a grammar and stopping strings are checked while they are written, and hold for the real model', async ({
  launch,
}) => {
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling: { temperature: 0 } }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await page.getByRole('tab', { name: 'Parameters' }).click();
  const grammar = page.getByRole('textbox', { name: 'grammar_string' });
  await grammar.fill('root ::= "{\\"llama\\": " number "}"');
  await expect(page.getByText('Line 1: there is no rule named “number”.')).toBeVisible();
  await grammar.fill('root ::= "{\\"llama\\": " number "}"\nnumber ::= [0-9] [0-9]');
  await expect(page.getByText('there is no rule named')).toBeHidden();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('How old is the llama?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  const reply = await page.getByRole('article').last().locator('.reply').innerText();
  expect(reply.trim()).toMatch(/^\{"llama": \d\d\}$/);
});
