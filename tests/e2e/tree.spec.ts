/** The tree of messages as a user shapes it, and the trash. */
import type { Page } from '@playwright/test';
import type { Chat } from '../../preload/contract/chats.js';
import { ask, expect, runCommand, test } from './fixtures.js';

const input = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const articles = (page: Page) => page.getByRole('log', { name: 'Conversation' }).getByRole('article');
const questions = (page: Page) => page.getByRole('article', { name: 'You' });
const notice = (page: Page, text: string) => page.locator('.notice').filter({ hasText: text });
const trash = (page: Page) => page.getByRole('dialog', { name: 'Trash' });

async function say(page: Page, ...texts: string[]) {
  for (const text of texts) {
    const before = await articles(page).count();
    await input(page).fill(text);
    await page.keyboard.press('Enter');
    await expect(articles(page)).toHaveCount(before + 2);
    await expect(page.getByRole('button', { name: 'Regenerate', exact: true })).toBeEnabled();
  }
}

/** @param index of the message, from the first one on */
async function choose(page: Page, index: number, item: string) {
  await articles(page).nth(index).getByRole('button', { name: 'More for this message' }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function openTrash(page: Page) {
  await page.getByRole('button', { name: 'More for all chats' }).click();
  await page.getByRole('menuitem', { name: 'Trash…' }).click();
}

test('messages go alone or with what follows, and come back by undo and from the trash', async ({
  chat: { page },
}) => {
  await say(page, 'first', 'second', 'third');
  await choose(page, 2, 'Delete this message alone');
  await expect(articles(page)).toHaveCount(5);
  await expect(questions(page)).toHaveText([/first/, /third/]);
  await notice(page, 'Deleted one message').getByRole('button', { name: 'Undo' }).click();
  await expect(articles(page)).toHaveCount(6);

  await choose(page, 2, 'Delete with all that follows');
  await expect(notice(page, 'Deleted 4 messages')).toBeVisible();
  await expect(articles(page)).toHaveCount(2);
  await page.keyboard.press('Control+Shift+Backspace');
  await expect(articles(page)).toHaveCount(0);

  await openTrash(page);
  await expect(trash(page).getByRole('listitem')).toHaveCount(2);
  await expect(trash(page).getByRole('listitem').first()).toContainText(
    'Message and what followed, 2 messages',
  );
  await trash(page).getByRole('button', { name: 'Restore first' }).click();
  await expect(trash(page).getByRole('listitem')).toHaveCount(1);
  await trash(page).getByRole('checkbox').check();
  await trash(page).getByRole('button', { name: 'Delete selected for good…' }).click();
  await expect(trash(page).getByRole('button', { name: 'Keep' })).toBeFocused();
  await trash(page).getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(trash(page)).toContainText('The trash is empty.');
  await trash(page).getByRole('button', { name: 'Close' }).click();
  await expect(articles(page)).toHaveCount(2);
});

test('an earlier reply is written again, other branches are pruned', async ({ chat: { page } }) => {
  await say(page, 'first', 'second');
  await choose(page, 1, 'Regenerate from here');
  await expect(articles(page)).toHaveCount(2);
  await expect(page.getByText('2/2')).toBeVisible();
  await page.getByRole('button', { name: 'Previous version' }).click();
  await expect(articles(page)).toHaveCount(4);

  await runCommand(page, 'other branches', 'Delete the other branches of this chat');
  await expect(notice(page, 'Deleted one message on other branches')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Previous version' })).toHaveCount(0);
  await notice(page, 'on other branches').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('1/2')).toBeVisible();
});

test('a conversation branches, in place and into a chat of its own', async ({ chat: { page } }) => {
  await say(page, 'first', 'second');
  await choose(page, 1, 'Start a new branch after this');
  await expect(articles(page)).toHaveCount(2);
  await say(page, 'another way');
  await expect(articles(page).nth(2).getByText('2/2')).toBeVisible();

  await choose(page, 1, 'Branch into a new chat');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('first (branch)');
  await expect(articles(page)).toHaveCount(2);
  await expect(page.getByRole('list', { name: 'Chats' }).getByRole('listitem')).toHaveCount(2);
});

test('earlier texts of a message are shown and restored', async ({ chat: { page } }) => {
  await say(page, 'first');
  await questions(page).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('better');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(questions(page)).toContainText('better');
  await choose(page, 0, 'Earlier texts…');
  const earlier = page.getByRole('dialog', { name: 'Earlier texts' });
  await expect(earlier.getByRole('region', { name: 'First text' })).toContainText('first');
  await earlier.getByRole('button', { name: 'Restore' }).click();
  await expect(questions(page)).toContainText('first');
});

test('messages of both sides are added without a reply', async ({ chat: { page } }) => {
  await input(page).fill('Only a note.');
  await page.keyboard.press('Control+Shift+Enter');
  await expect(articles(page)).toHaveCount(1);
  await input(page).fill('I am the model.');
  await page.getByRole('button', { name: 'Other ways' }).click();
  await page.getByRole('menuitem', { name: 'Add as a reply of the model' }).click();
  await expect(articles(page)).toHaveCount(2);
  await expect(articles(page).last()).toContainText('I am the model.');
  await expect(input(page)).toHaveValue('');
  await page.keyboard.press('Control+z');
  await expect(articles(page)).toHaveCount(1);
});

test('sending is taken back, and made again', async ({ chat: { page } }) => {
  await say(page, 'first', 'second');
  await page.getByRole('button', { name: 'New chat' }).focus();
  await page.keyboard.press('Control+z');
  await expect(notice(page, 'Undone: Send message')).toBeVisible();
  await expect(articles(page)).toHaveCount(2);
  await page.keyboard.press('Control+Shift+z');
  await expect(articles(page)).toHaveCount(4);
  await expect(articles(page).last()).toContainText('tok/s');
});

test('the model writes the message of the user, and goes on with one', async ({ chat: { page } }) => {
  await say(page, 'first');
  await page.keyboard.press('Control+i');
  await expect(input(page)).toHaveValue('What do alpacas eat?');
  await expect(articles(page)).toHaveCount(2);

  await input(page).fill('And ');
  await page.getByRole('button', { name: 'Other ways' }).click();
  await page.getByRole('menuitem', { name: 'Let the model write it' }).click();
  await expect(input(page)).toHaveValue('And What do alpacas eat?');
  await expect(input(page)).toBeEditable();
  await page.keyboard.press('Enter');
  await expect(articles(page)).toHaveCount(4);
  await expect(questions(page).last()).toContainText('And What do alpacas eat?');
});

test('a message that the model writes stays in its chat, and as far as it came when it is stopped', async ({
  chat: { page },
}) => {
  await say(page, 'first');
  await input(page).fill('take your time');
  await page.keyboard.press('Control+i');
  await expect(input(page)).toHaveValue(/take your time word1 word2/);
  await expect(input(page)).not.toBeEditable();
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(input(page)).toHaveValue('');
  await page
    .getByRole('list', { name: 'Chats' })
    .getByRole('button', { name: /^first/ })
    .click();
  await expect(input(page)).toHaveValue(/word3/);
  await page.keyboard.press('Escape');
  await expect(input(page)).toBeEditable();
  await expect(input(page)).toHaveValue(/^take your time word1 .*word\d+$/);
  await expect(input(page)).not.toHaveValue(/word40/);
  await expect(articles(page)).toHaveCount(2);
});

test('what is done in an incognito chat is taken back too, among all else', async ({ chat: { page } }) => {
  await say(page, 'first');
  await page.keyboard.press('Control+Shift+n');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Incognito chat');
  await say(page, 'a secret');
  await choose(page, 1, 'Delete');
  await expect(articles(page)).toHaveCount(1);
  const undo = async (label: string) => {
    await page.getByRole('button', { name: 'New chat' }).focus();
    await page.keyboard.press('Control+z');
    await expect(notice(page, `Undone: ${label}`)).toBeVisible();
  };
  await undo('Delete messages');
  await expect(articles(page)).toHaveCount(2);
  await undo('Send message');
  await expect(articles(page)).toHaveCount(0);
  await undo('Send message');
  await page
    .getByRole('list', { name: 'Chats' })
    .getByRole('button', { name: /^first/ })
    .click();
  await expect(articles(page)).toHaveCount(0);

  // Nothing is in it any more: there is nothing to ask.
  await page.getByRole('button', { name: 'Close the incognito chat' }).click();
  await expect(page.getByRole('list', { name: 'Chats' })).not.toContainText('Incognito');
});

test('an option of a chat goes back by undo', async ({ chat: { page } }) => {
  await say(page, 'first');
  await page.getByRole('button', { name: 'Start reply with…' }).click();
  const start = page.getByRole('textbox', { name: 'Start reply with' });
  await start.fill('Well,');
  const saved = async () => (await ask<Chat[]>(page, 'chats.list'))[0]?.startReplyWith;
  await expect.poll(saved).toBe('Well,');
  await page.getByRole('button', { name: 'New chat' }).focus();
  await page.keyboard.press('Control+z');
  await expect(notice(page, 'Undone: Change chat options')).toBeVisible();
  await expect(start).toHaveValue('');
  await expect(articles(page)).toHaveCount(2);
});
