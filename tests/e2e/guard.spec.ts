/** A reply that repeats itself or speaks as the user: it is stopped, says why, and can be mended. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, starterModel, test } from './fixtures.js';

const reply = (page: Page) => page.getByRole('article').last();
const mend = (page: Page, name: string) => reply(page).getByRole('button', { name });
async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
}

test('a loop is cut, and the cut taken back; it is written again, and gone on with all the same', async ({
  chat: { page },
}) => {
  await say(page, 'loop');
  await expect(reply(page)).toContainText('Stopped: the model was repeating itself.');
  const written = 'Llamas hum. '.repeat(5).trim();
  await expect(reply(page).locator('.reply')).toHaveText(written);
  await mend(page, 'Cut the repetition').click();
  await expect(reply(page).locator('.reply')).toHaveText('Llamas hum.');
  await expect(reply(page)).toContainText('The part that repeated itself was cut.');
  await expect(mend(page, 'Cut the repetition')).toBeHidden();
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(reply(page).locator('.reply')).toHaveText(written);

  await mend(page, 'Continue anyway').click();
  await expect(reply(page).locator('.reply')).toHaveText(`${written} and so on.`);
  await expect(reply(page)).not.toContainText('Stopped');
  await page.getByRole('button', { name: 'Regenerate', exact: true }).click();
  await mend(page, 'Regenerate with less repetition').click();
  await expect(reply(page).getByText('3/3')).toBeVisible();
});

test('a turn of the user that the model writes is cut; off, nothing is stopped', async ({
  chat: { page },
}) => {
  await say(page, 'impersonate me');
  await expect(reply(page)).toContainText('Stopped: the model began to speak as you.');
  await mend(page, 'Cut that part').click();
  await expect(reply(page).locator('.reply')).toHaveText('Llamas hum.');

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('checkbox', { name: 'Stop a reply that repeats itself or speaks as you' }).uncheck();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await expect(reply(page).locator('.reply')).toContainText('alpacas?');
  await expect(reply(page)).not.toContainText('Stopped');
});

test('the real model is stopped when it repeats itself, and does better the second time', async ({
  launch,
}) => {
  const sampling = { temperature: 0, repetition_penalty: 1, max_new_tokens: 220, ban_eos_token: true };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await say(page, 'Repeat after me, many times: Paris is big. Paris is big. Paris is big. Paris is big.');
  await expect(reply(page)).toContainText('Stopped: the model was repeating itself.', { timeout: 45_000 });
  await mend(page, 'Regenerate with less repetition').click();
  await expect(reply(page).getByText('2/2')).toBeVisible();
  await expect(reply(page)).toContainText('Ended at the limit of tokens per reply.', { timeout: 45_000 });
});
