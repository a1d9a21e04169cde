/** A draft model chosen through the window, with the real starter model as its own draft. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, placeModel, starterModel, test } from './fixtures.js';

test('a draft model guesses ahead; one of another vocabulary says why it does not', async ({ launch }) => {
  const sampling = { temperature: 0, repetition_penalty: 1, max_new_tokens: 24 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  const other = placeModel(launch.home, 'Other-1B.gguf');
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const model = page.getByRole('combobox', { name: 'Model', exact: true });
  await expect(model).toHaveValue(starterModel(), { timeout: 45_000 });
  const choose = async (path: string) => {
    await page.getByRole('tab', { name: 'Parameters' }).click();
    await page.getByRole('combobox', { name: 'Draft model' }).selectOption(path);
    await page.getByRole('button', { name: 'Reload model to apply' }).click();
  };
  await choose(other);
  await expect(page.getByText(/^Other-1B does not draft for SmolLM2/)).toBeVisible({ timeout: 45_000 });
  await choose(starterModel());
  await expect(page.getByText(/does not draft for/)).toBeHidden({ timeout: 45_000 });
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('What is the capital of France?');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article').last();
  await expect(reply.locator('.stats')).toContainText(/[1-9]\d* of \d+ guesses taken/, { timeout: 45_000 });
});
