/** The keyboard, as it is pressed: every default key does its thing, and none does more. */
import type { Page } from '@playwright/test';
import { ask, expect, test } from './fixtures.js';

const message = (page: Page) => page.getByLabel('Message', { exact: true });
const replies = (page: Page) => page.getByRole('article', { name: 'Scripted-7B' });
const isShown = (page: Page, tab: string) =>
  expect(page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute('aria-selected', 'true');

async function say(page: Page, text: string) {
  await message(page).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
}

test('every default key does its thing', async ({ chat: { page } }) => {
  await say(page, 'First chat');
  await page.keyboard.press('Control+n');
  await say(page, 'Second chat');
  const heading = page.getByRole('heading', { level: 1 });

  const bindings: readonly (readonly [keys: string, done: () => Promise<unknown>])[] = [
    ['Control+PageDown', () => expect(heading).toHaveText('First chat')],
    ['Control+PageDown', () => expect(heading).toHaveText('First chat')],
    ['Control+PageUp', () => expect(heading).toHaveText('Second chat')],
    ['Alt+ArrowDown', () => expect(heading).toHaveText('First chat')],
    ['Alt+ArrowUp', () => expect(heading).toHaveText('Second chat')],
    ['Control+b', () => expect(page.getByRole('list', { name: 'Chats' })).toBeHidden()],
    ['Control+b', () => expect(page.getByRole('list', { name: 'Chats' })).toBeVisible()],
    ['Control+2', () => isShown(page, 'Notebook')],
    ['Control+3', () => isShown(page, 'Parameters')],
    ['Control+4', () => isShown(page, 'Models')],
    ['Control+5', () => isShown(page, 'Compare')],
    ['Control+6', () => isShown(page, 'Settings')],
    ['Control+1', () => isShown(page, 'Chat')],
    ['Control+,', () => isShown(page, 'Settings')],
    ['?', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()],
    ['F1', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeHidden()],
    ['F1', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()],
    ['Escape', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeHidden()],
    ['Shift+Escape', () => expect(message(page)).toBeFocused()],
    ['Control+l', () => expect(page.getByLabel('Model', { exact: true })).toBeFocused()],
    ['Escape', () => expect(page.getByLabel('Model', { exact: true })).toBeFocused()],
    ['Shift+Escape', () => expect(message(page)).toBeFocused()],
    ['Control+Enter', () => expect(page.getByText('2/2')).toBeVisible()],
    ['ArrowRight', () => expect(page.getByText('2/2')).toBeVisible()],
    ['ArrowLeft', () => expect(page.getByText('1/2')).toBeVisible()],
    ['ArrowLeft', () => expect(page.getByText('1/2')).toBeVisible()],
    ['ArrowRight', () => expect(page.getByText('2/2')).toBeVisible()],
    ['Alt+Enter', () => expect(replies(page)).toContainText(/Reply .*Reply /s)],
    ['Control+Shift+C', () => expect(page.getByText('The last reply is in the clipboard.')).toBeVisible()],
    ['Control+Shift+D', () => expect(heading).toHaveText('First chat')],
  ];
  for (const [keys, done] of bindings) {
    await test.step(keys, async () => {
      await page.keyboard.press(keys);
      await done();
      await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
    });
  }
});
