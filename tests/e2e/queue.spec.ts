/** Several chats at once: each waits for its turn, says so, can be cancelled, and gets its own reply. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';

const send = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').first()).toContainText(text);
};
const startChat = async (page: Page, text: string) => {
  await page.getByRole('button', { name: 'New chat' }).click();
  await send(page, text);
};

test('chats take turns: places are shown, one is cancelled, nothing is mixed, a reload changes nothing', async ({
  chat: { page },
}) => {
  const chats = page.getByRole('list', { name: 'Chats' });
  const reply = page.getByRole('article').last();
  const open = (title: string) => chats.getByRole('button', { name: title }).first().click();
  await startChat(page, 'slow 120 first');
  await expect(reply).toContainText('word2');
  await startChat(page, 'second');
  await expect(reply.getByRole('status')).toContainText('Waiting: 1 before it');
  await startChat(page, 'third');
  await expect(reply.getByRole('status')).toContainText('Waiting: 2 before it');
  await expect(chats.getByText('writing')).toHaveCount(1);
  await expect(chats.getByText('waiting')).toHaveCount(2);

  await open('second');
  await reply.getByRole('button', { name: 'Cancel' }).click();
  await expect(reply).toContainText('Stopped before the first word.');
  await page.reload();
  await open('third');
  await expect(reply.getByRole('status')).toContainText('Waiting: 1 before it');
  await expect(reply).toContainText('Echo: third', { timeout: 15_000 });
  await open('slow 120 first');
  await expect(reply).toContainText('word120');
  await expect(reply).not.toContainText('third');
  await expect(chats.getByText(/^(writing|waiting)$/)).toHaveCount(0);
});
