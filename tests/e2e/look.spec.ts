/** How it looks: whole in small windows. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';

const tabs = ['Chat', 'Notebook', 'Parameters', 'Characters', 'Models', 'Compare', 'Settings'];
const doctor = 'Template doctor';

const open = async (page: Page, view: string) => {
  if (view !== doctor) return page.getByRole('tab', { name: view }).click();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('button', { name: /template$/ }).click();
  await expect(page.getByRole('region', { name: 'Tokens of the prompt' })).toBeVisible();
};

test('nothing is cut off at 640 × 480', async ({ chat: { app, page } }) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(640, 480));
  await expect.poll(() => page.evaluate('innerWidth')).toBe(640);
  await page.getByRole('textbox', { name: 'Message' }).fill('fast 300');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('word300', { timeout: 30_000 });
  const main = page.getByRole('tablist', { name: 'Views' });
  // The reader was at the end and stayed there, below a head that stayed too.
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeInViewport();
  for (const view of [...tabs, doctor]) {
    await open(page, view);
    await expect(main.getByRole('tab', { selected: true })).toBeInViewport();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(640);
    expect(await page.evaluate('document.documentElement.scrollHeight'), view).toBeLessThanOrEqual(480);
  }
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.getByRole('button', { name: 'Show chats' }).click();
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport();
  await expect(page.getByRole('combobox', { name: 'Model' })).toBeInViewport();
});
