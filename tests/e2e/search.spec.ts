/** The search over all chats, as a user drives it. */
import type { Page } from '@playwright/test';
import { violations } from './axe.js';
import { expect, test } from './fixtures.js';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Search chats' });
const box = (page: Page) => dialog(page).getByRole('combobox', { name: 'Search all chats' });
const found = (page: Page) => dialog(page).getByRole('listbox', { name: 'Found' }).getByRole('option');
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const done = (page: Page) => expect(page.getByRole('button', { name: 'Regenerate' }).last()).toBeEnabled();

async function say(page: Page, text: string) {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(conversation(page)).toContainText(`Echo: ${text}`);
  await done(page);
}

test('finds, explains itself, and goes to the place', async ({ chat: { page } }) => {
  await say(page, 'Where does the quokka live?');
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await expect(conversation(page)).toContainText('2/2');
  await done(page);
  await page.keyboard.press('Control+n');
  await say(page, 'What do llamas eat?');

  await page.keyboard.press('Control+Shift+F');
  await expect(box(page)).toBeFocused();
  await expect(dialog(page)).toContainText('role:user');
  expect(await violations(page)).toEqual([]);

  // By a title, a message of each side, and a version that is not shown.
  await page.keyboard.type('quok');
  await expect(dialog(page).getByRole('status')).toHaveText('3 messages in 1 chat');
  await expect(dialog(page).locator('mark').first()).toHaveText('quokka');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(found(page).nth(3)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  await expect(conversation(page)).toContainText('Echo: Where does the quokka live?');

  // The box keeps what was looked for; a control writes its filter into it.
  await page.keyboard.press('Control+Shift+F');
  await expect(box(page)).toHaveValue('quok');
  await dialog(page).getByRole('combobox', { name: 'Written by' }).selectOption('By you');
  await expect(box(page)).toHaveValue('role:user quok');
  await expect(dialog(page).getByRole('status')).toHaveText('1 message in 1 chat');

  // Whatever is typed is only looked for.
  await box(page).fill('"unclosed AND (OR NEAR* ^x: -');
  await expect(dialog(page).getByRole('status')).toHaveText('Nothing found.');
  await box(page).fill('llamas -quokka');
  await expect(found(page).first()).toContainText('What do llamas eat?');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});
