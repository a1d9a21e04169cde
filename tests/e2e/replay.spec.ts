/** A reply made again: what is said of it, and that nothing changes by it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, expect, runCommand, starterModel, test } from './fixtures.js';

test('says where a replay differs and what is not as it was, and changes nothing', async ({
  chat: { page },
}) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('roll the dice');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await expect(reply.locator('.reply')).toHaveText('You rolled 1.');
  await reply.getByRole('button', { name: 'Replay' }).click();
  const outcome = reply.getByRole('status');
  await expect(outcome).toContainText('Different from character 12 on.');
  await expect(outcome).toContainText('Then You rolled 1. Now You rolled 2.', { useInnerText: true });
  await expect(outcome).toContainText('Engine: scripted 1 → scripted 2');
  await expect(reply.locator('.reply')).toHaveText('You rolled 1.');
  await expect(reply.getByText('1/2')).toBeHidden();
  await outcome.getByRole('button', { name: 'Close' }).click();
  await expect(outcome).toBeHidden();
});

test('a reply says what it came from', async ({ chat: { app, page } }) => {
  await ask(page, 'settings.set', { sampling: { seed: 11 } });
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await page.getByRole('textbox', { name: 'Message' }).fill('roll the dice');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await reply.getByRole('button', { name: 'tok/s' }).click();
  const card = reply.getByRole('region', { name: 'What this reply came from' });
  for (const fact of [
    'Model Scripted-7B',
    'Model file scripted',
    'Template chatml-smollm2',
    'Seed 11',
    'Settings all at their defaults',
    'Engine scripted 1, on the processor',
    'Context 2,048 tokens',
  ])
    await expect(card).toContainText(fact, { useInnerText: true });
  await card.getByRole('button', { name: 'Copy' }).click();
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toContain('Seed: 11\nSettings: all at their defaults\n');
  await card.getByRole('button', { name: 'Close' }).click();
  await expect(card).toBeHidden();

  await runCommand(page, 'replay the last', 'Replay the last reply');
  await expect(reply.getByRole('status')).toContainText('Different from character 12 on.');
});

test('a replay can be stopped', async ({ chat: { page } }) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('slow 60');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByRole('article').last().getByRole('status')).toContainText(
    /Replaying: \d+ characters/,
  );
  await page.getByRole('button', { name: 'Stop replay' }).click();
  await expect(page.getByRole('article').last().getByRole('status')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Replay' })).toBeEnabled();
});

test('the real model writes the same reply again, after another chat and a restart', async ({ launch }) => {
  writeFileSync(
    join(launch.home, 'settings.json'),
    JSON.stringify({ sampling: { temperature: 1.2, max_new_tokens: 40 } }),
  );
  const env = { ALTIPLANO_STARTER_MODEL: starterModel() };
  const first = await launch.open(env);
  const say = async (text: string) => {
    const before = await first.page.getByRole('article').count();
    await first.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await first.page.keyboard.press('Enter');
    await expect(first.page.getByRole('article')).toHaveCount(before + 2);
    await expect(first.page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  };
  await say('Tell me a story about a llama.');
  await say('And how does it go on?');
  await launch.close(first);

  const { page } = await launch.open(env);
  const reply = page.getByRole('article', { name: /SmolLM2/ }).last();
  await reply.getByRole('button', { name: 'Replay' }).click();
  await expect(reply.getByRole('status')).toContainText('Identical.', { timeout: 45_000 });
  await expect(reply.getByRole('status')).not.toContainText('Not as it was');
});
