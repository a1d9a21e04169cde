/** A model that nobody uses is unloaded, and comes back with the next message. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, scripted, test } from './fixtures.js';

test('after some time without use the model is unloaded; the next message loads it again', async ({
  launch,
}) => {
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ idleUnloadMinutes: 0.03 }));
  const { page } = await launch.open(scripted(launch.home));
  const status = page.locator('header').getByRole('status');
  await expect(status).toHaveText('Unloaded after 0.03 minutes without use');
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveText(/Scripted-7B/);
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello there');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').last()).toContainText('Echo: Hello there');
});
