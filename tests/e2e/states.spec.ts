/** The prompt cache with the real starter model, across chats and restarts. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, starterModel, test, type Opened } from './fixtures.js';

const reply = { name: /SmolLM2|llama/i };
const facts = Array.from({ length: 30 }, (_, index) => `Llama ${index} weighs ${100 + index} kg.`).join(' ');

async function ask({ page }: Opened, text: string, articles: number): Promise<string> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(articles);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  return page.getByRole('article', reply).last().locator('.stats').innerText();
}

test('a chat is not read again: back from another one, and after a restart', async ({ launch }) => {
  const settings = { sampling: { temperature: 0, max_new_tokens: 8 } };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify(settings));
  const env = { ALTIPLANO_STARTER_MODEL: starterModel() };
  const first = await launch.open(env);
  await ask(first, `${facts} How much does llama 7 weigh?`, 2);
  await first.page.getByRole('button', { name: 'New chat' }).click();
  await ask(first, `${facts.replaceAll('Llama', 'Alpaca')} How much does alpaca 9 weigh?`, 2);
  await first.page.getByRole('button', { name: /^Llama 0 weighs/ }).click();
  expect(await ask(first, 'And llama 8?', 4)).toMatch(/reused [\d,]+ of [\d,]+ tokens from disk/);
  await launch.close(first);
  expect(readdirSync(join(launch.home, 'cache', 'states'))).not.toEqual([]);

  const again = await launch.open(env);
  await again.page.getByRole('button', { name: /^Llama 0 weighs/ }).click();
  const stats = await ask(again, 'And llama 9?', 6);
  const [, reused, total] = /reused ([\d,]+) of ([\d,]+) tokens from disk/.exec(stats) ?? [];
  expect(Number(reused)).toBeGreaterThan(Number(total) - 60);

  await again.page.getByRole('tab', { name: 'Settings' }).click();
  const cache = again.page.getByRole('group', { name: 'Prompt cache' });
  await expect(cache.getByRole('status')).toContainText(/MB in \d state/);
  await cache.getByRole('button', { name: 'Clear' }).click();
  await expect(cache.getByRole('status')).toHaveText('Nothing is kept now.');
  expect(readdirSync(join(launch.home, 'cache', 'states'))).toEqual([]);
});
