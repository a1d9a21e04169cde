/** The page of parameters: switches, texts, the order of samplers, and the ways back. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { fromZero, webuiParameters } from '../fixtures/webui-parameters.js';
import { expect, starterModel, test } from './fixtures.js';

const saved = (home: string, name: string) => {
  const file = join(home, 'settings.json');
  if (!existsSync(file)) return undefined;
  const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (settings as { sampling?: Record<string, unknown> }).sampling?.[name];
};
const open = (page: Page) => page.getByRole('tab', { name: 'Parameters' }).click();
const row = (page: Page, name: string) =>
  page.getByRole('presentation').filter({ has: page.locator(`label[for="parameter-${name}"]`) });

test('every sampler can be put to neutral and back, and a value without effect says so', async ({
  chat: { page },
}) => {
  await open(page);
  const temperature = page.getByRole('spinbutton', { name: 'temperature as a number', exact: true });
  await expect(temperature).toHaveValue('0.7');
  await page.getByRole('button', { name: 'Neutralise' }).click();
  await expect(temperature).toHaveValue('1');
  await expect(page.getByRole('spinbutton', { name: 'top_k as a number' })).toHaveValue('0');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(temperature).toHaveValue('0.7');

  await expect(row(page, 'dynatemp_low')).toContainText('Waits for dynamic_temperature.');
  await page.getByRole('checkbox', { name: 'dynamic_temperature' }).check();
  await expect(row(page, 'dynatemp_low')).not.toContainText('Waits');
  await expect(row(page, 'temperature')).toContainText('No effect while dynamic_temperature is on.');
  await page.getByRole('checkbox', { name: 'do_sample' }).uncheck();
  await expect(row(page, 'min_p')).toContainText('No effect while do_sample is off.');
  await expect(row(page, 'repetition_penalty')).not.toContainText('No effect');
});

test('text that can’t be read is said and not saved; the last good one stays', async ({ launch, chat }) => {
  const { page } = chat;
  await open(page);
  const breakers = page.getByRole('textbox', { name: 'dry_sequence_breakers' });
  await breakers.fill('"\\n", "User:"');
  await breakers.fill('"\\n", User:');
  await expect(page.getByRole('alert')).toContainText('quotation marks');
  await expect.poll(() => saved(launch.home, 'dry_sequence_breakers')).toBe('"\\n", "User:"');
  await page.getByRole('button', { name: 'Reset dry_sequence_breakers' }).click();
  await expect(breakers).toHaveValue('"\\n", ":", "\\"", "*"');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('samplers are put in order by keys and by dragging; a reset restores the usual order', async ({
  launch,
  chat,
}) => {
  const { page } = chat;
  await open(page);
  const stages = page.getByRole('list', { name: 'sampler_priority' });
  const order = () => stages.getByRole('button').allTextContents();
  await expect(stages.getByRole('button')).toHaveCount(21);
  const usual = await order();
  await stages.getByRole('button', { name: /^temperature,/ }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: /^temperature, 2 of 21/ })).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'temperature is now 2 of 21' })).toHaveCount(1);
  await stages.getByText('min_p').dragTo(stages.getByText('top_k'));
  const changed = await order();
  expect(changed.indexOf('min_p')).toBeLessThan(changed.indexOf('top_k'));
  await expect.poll(() => saved(launch.home, 'sampler_priority')).toEqual(changed);
  await page.getByRole('button', { name: 'Reset sampler_priority' }).click();
  await expect.poll(order).toEqual(usual);
});

test('our own samplers pick the words of a real model too', async ({ launch }) => {
  // One candidate is left, so that the answer does not hang on a seed.
  const sampling = { top_k: 1, typical_p: 0.9, dry_multiplier: 0.8, top_n_sigma: 1, repetition_penalty: 1 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await page
    .getByRole('textbox', { name: 'Message' })
    .fill('What is the capital of France? Answer in one sentence.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await expect(page.getByRole('article').last()).toContainText('Paris');
});

test('each parameter of text-generation-webui has its control with that range, and what is set there reaches the engine', async ({
  chat: { page },
}) => {
  await open(page);
  const set = new Map<string, unknown>();
  for (const { name, range, other } of webuiParameters) {
    const control = page.locator(`#parameter-${name}`);
    if (typeof other === 'boolean') await control.setChecked(other);
    else if (typeof other === 'string') await control.fill(other);
    else if (typeof other === 'number') {
      const slider = page.getByRole('slider', { name, exact: true });
      if (range !== undefined) {
        await expect(slider).toHaveAttribute('min', String(fromZero.includes(name) ? 0 : range[0]));
        await expect(slider).toHaveAttribute('max', String(range[1]));
        await expect(slider).toHaveAttribute('step', String(range[2]));
      }
      const box = range === undefined ? control : page.locator(`[aria-label="${name} as a number"]`);
      await box.fill(String(other));
      await box.blur();
      if (range !== undefined) await expect(slider).toHaveValue(String(other));
    } else continue;
    set.set(name, other);
  }
  await page.getByRole('tab', { name: 'Chat', exact: true }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('all values');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  const received = page.getByRole('article').last().locator('.reply code');
  expect(JSON.parse((await received.textContent()) ?? '')).toMatchObject(Object.fromEntries(set));
});
