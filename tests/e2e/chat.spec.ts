/** The chat as a user drives it, with the scripted engine. */
import { expect, test, type Opened } from './fixtures.js';
import type { Page } from '@playwright/test';

const say = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
};
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const replies = (page: Page) => conversation(page).getByRole('article', { name: 'Scripted-7B' });
const chatList = (page: Page) => page.getByRole('list', { name: 'Chats' });
const done = (page: Page) => expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();

test('starts with the input focused and every view within reach', async ({ chat: { page } }) => {
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue(/Scripted-7B/);
  for (const name of ['Notebook', 'Parameters', 'Characters', 'Models', 'Compare', 'Settings', 'Chat']) {
    await page.getByRole('tab', { name }).click();
    await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true');
  }
});

test('sends, streams and shows what was measured', async ({ chat: { page } }) => {
  await say(page, 'slow 40');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(replies(page)).toContainText('word5 word6');
  expect(await replies(page).innerText()).not.toContain('word40');
  await done(page);
  await expect(replies(page)).toContainText('word40');
  await expect(replies(page)).toContainText(/40\.0 tok\/s · first token 0\.01 s · [\d,]+ of 2,048 context/);
  await expect(conversation(page).getByRole('article', { name: 'You' })).toContainText('slow 40');
});

test('text never shrinks while it streams', async ({ chat: { page } }) => {
  await say(page, 'slow 60');
  let length = 0;
  const reply = replies(page).locator('.reply');
  while (await page.getByRole('button', { name: 'Stop' }).isVisible()) {
    const text = await reply.innerText();
    if (text.includes('Thinking')) continue;
    expect(text.length).toBeGreaterThanOrEqual(length);
    length = text.length;
  }
});

test('stops, keeps what was written, and continues it', async ({ chat: { page } }) => {
  await say(page, 'slow 400');
  await expect(replies(page)).toContainText('word8');
  await page.getByRole('button', { name: 'Stop' }).click();
  await done(page);
  await expect(replies(page)).toContainText('Stopped.');
  await expect(replies(page)).not.toContainText('word400');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(replies(page)).toContainText(/word8 .* and so on\./);
});

test('Enter while a reply is being written keeps the message, and says so', async ({ chat: { page } }) => {
  await say(page, 'slow 400');
  const input = page.getByRole('textbox', { name: 'Message' });
  await input.fill('and then?');
  await input.press('Enter');
  await expect(page.getByText('Your message waits here.')).toBeVisible();
  await expect(input).toHaveValue('and then?');
  await input.press('Escape');
  await expect(page.getByText('Your message waits here.')).toBeHidden();
  await input.press('Enter');
  await expect(conversation(page).getByRole('article', { name: 'You' }).last()).toContainText('and then?');
});

test('regenerates into a new version and keeps the old one', async ({ chat: { page } }) => {
  await say(page, 'hello there');
  await expect(replies(page)).toContainText('Echo: hello there');
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await expect(replies(page)).toContainText('2/2');
  await done(page);
  await page.getByRole('button', { name: 'Previous version' }).click();
  await expect(replies(page)).toContainText('1/2');
  await expect(replies(page)).toContainText('Echo: hello there');
});

test('edits a message in place, and undoes it', async ({ chat: { page } }) => {
  await say(page, 'first words');
  await done(page);
  const mine = conversation(page).getByRole('article', { name: 'You' });
  await mine.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('other words');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(mine).toContainText('other words');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(mine).toContainText('first words');
  await page.keyboard.press('Control+Shift+Z');
  await expect(mine).toContainText('other words');
  // In a text field the keys are for what is typed there.
  const input = page.getByRole('textbox', { name: 'Message' });
  await input.pressSequentially('typed');
  await page.keyboard.press('Control+Z');
  await expect(input).toHaveValue('');
  await expect(mine).toContainText('other words');
  await input.blur();
  await page.keyboard.press('Control+Z');
  await expect(mine).toContainText('first words');
  await expect(page.getByText('Undone: Edit message')).toBeVisible();
});

test('Undo in the menu is for what is typed, else for the latest step', async ({ chat: { app, page } }) => {
  const choose = (label: string) =>
    app.evaluate(({ Menu, BrowserWindow }, name) => {
      const edit = Menu.getApplicationMenu()!.items.find(({ role }) => role?.toLowerCase() === 'editmenu');
      const [window] = BrowserWindow.getAllWindows();
      edit!.submenu!.items.find((item) => item.label === name)!.click({}, window, window!.webContents);
    }, label);
  await say(page, 'about llamas');
  await done(page);
  await chatList(page).getByRole('button', { name: 'More for about llamas' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Rename' }).press('Enter');
  await page.getByRole('textbox', { name: 'New name' }).fill('Camelids');
  await page.keyboard.press('Enter');
  await expect(chatList(page)).toContainText('Camelids');
  const input = page.getByRole('textbox', { name: 'Message' });
  await input.pressSequentially('typed');
  await choose('Undo');
  await expect(input).toHaveValue('');
  await expect(chatList(page)).toContainText('Camelids');
  await input.blur();
  await choose('Undo');
  await expect(chatList(page)).toContainText('about llamas');
  await choose('Redo');
  await expect(chatList(page)).toContainText('Camelids');
});

test('resends an edited message as a new version', async ({ chat: { page } }) => {
  await say(page, 'first words');
  await done(page);
  const mine = conversation(page).getByRole('article', { name: 'You' });
  await mine.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('better words');
  await page.getByRole('button', { name: 'Save and resend' }).click();
  await expect(replies(page)).toContainText('Echo: better words');
  await mine.getByRole('button', { name: 'Previous version' }).click();
  await expect(replies(page)).toContainText('Echo: first words');
});

test('writes in one chat while another is read', async ({ chat: { page } }) => {
  await say(page, 'slow 120');
  await expect(replies(page)).toContainText('word3');
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await expect(conversation(page)).not.toContainText('word');
  await chatList(page).getByRole('button', { name: 'slow 120' }).first().click();
  await expect(replies(page)).toContainText('word10');
  await done(page);
  const text = await replies(page).locator('.reply').innerText();
  expect(text.trim()).toBe(Array.from({ length: 120 }, (_, index) => `word${index + 1}`).join(' '));
});

test('renames and deletes a chat, and brings it back', async ({ chat: { page } }) => {
  await say(page, 'about llamas');
  await done(page);
  await chatList(page).getByRole('button', { name: 'More for about llamas' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Rename' }).press('Enter');
  await page.getByRole('textbox', { name: 'New name' }).fill('Camelids');
  await page.keyboard.press('Enter');
  await expect(chatList(page)).toContainText('Camelids');
  await chatList(page).getByRole('button', { name: 'Camelids', exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(chatList(page)).not.toContainText('Camelids');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chatList(page)).toContainText('Camelids');
  await expect(replies(page)).toContainText('Echo: about llamas');
});

test('everything is there after a restart', async ({ launch }) => {
  const { scripted } = await import('./fixtures.js');
  const first: Opened = await launch.open(scripted(launch.home));
  await say(first.page, 'remember me');
  await done(first.page);
  await launch.close(first);
  const { page } = await launch.open(scripted(launch.home));
  await expect(chatList(page)).toContainText('remember me');
  await expect(replies(page)).toContainText('Echo: remember me');
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue(/Scripted-7B/);
});

test('shows code with its language and copies it', async ({ chat: { app, page } }) => {
  await say(page, 'show code');
  await done(page);
  await expect(replies(page).locator('pre')).toContainText('print("hello")');
  await expect(replies(page)).toContainText('python');
  await replies(page).locator('.code').getByRole('button', { name: 'Copy' }).click();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('print("hello")');
});

test('arrow keys never spend a generation, and the keys of the help sheet work', async ({
  chat: { page },
}) => {
  await say(page, 'keys');
  await done(page);
  await page.getByRole('textbox', { name: 'Message' }).blur();
  for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowRight', 'ArrowUp']) await page.keyboard.press(key);
  await expect(replies(page)).not.toContainText('/2');
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('Regenerate the last reply');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(replies(page)).toContainText('2/2');
});

test('light and dark follow the setting', async ({ chat: { page } }) => {
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Light' }).check();
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(250, 247, 242)');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(23, 26, 28)');
});
