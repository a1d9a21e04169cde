/** Importing chats through the window: by the dialog, by dropping, by opening a file; twice, undone, cancelled. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { bytesOf, claudeConversation, foreignChats, said, type Foreign } from '../fixtures/foreign-chats.js';
import { gpt4allChat } from '../fixtures/gpt4all-chat.js';
import { zipFile } from '../fixtures/zip.js';
import { violations } from './axe.js';
import { dropFile, expect, scripted, test, type Opened } from './fixtures.js';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Import chats' });
const list = (page: Page) => page.getByRole('list', { name: 'Chats' });
const chat = (page: Page, title: string) => list(page).getByRole('button', { name: title, exact: true });
const press = (page: Page, name: string | RegExp) => sheet(page).getByRole('button', { name }).click();

function place(home: string, name: string, content: Buffer): string {
  mkdirSync(join(home, 'exports'), { recursive: true });
  const path = join(home, 'exports', name);
  writeFileSync(path, content);
  return path;
}

/** The system's dialog answers with these paths. */
const answerDialog = ({ app }: Opened, paths: readonly string[]) =>
  app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
    },
    [...paths],
  );

async function choose(opened: Opened, paths: readonly string[]): Promise<void> {
  await answerDialog(opened, paths);
  await opened.page.getByRole('button', { name: 'More for all chats' }).click();
  await opened.page.getByRole('menuitem', { name: 'Import…' }).click();
  await press(opened.page, 'Choose files…');
}

const claude = (name: string) => ({
  ...claudeConversation,
  name,
  chat_messages: claudeConversation.chat_messages.map((message) => ({
    ...message,
    text: `${message.text} ${name}`,
    content: [],
  })),
});

test('several programs at once: looked at first, then in a folder, with all versions', async ({ launch }) => {
  const opened = await launch.open(scripted(launch.home));
  const { page } = opened;
  const files = Object.entries(foreignChats).map(([id, foreign]: [string, Foreign]) =>
    place(launch.home, `${id}${foreign.isLines ? '.jsonl' : '.json'}`, bytesOf(foreign)),
  );
  const items = [{ label: 'Prompt: ', text: said.question }] as const;
  files.push(
    place(
      launch.home,
      'old.chat',
      gpt4allChat(12, { title: 'From GPT4All', model: 'Llama', createdSeconds: 1.7e9, items }),
    ),
  );
  await choose(opened, files);
  await expect(sheet(page).getByRole('status')).toContainText(`${files.length} chats`);
  await sheet(page).getByText(`${files.length} files`).click();
  await expect(sheet(page).getByRole('combobox', { name: 'Format of old.chat' })).toHaveValue('gpt4all');
  // Nothing is saved before it is said.
  await expect(list(page)).not.toContainText('Squares');
  expect(await violations(page)).toEqual([]);

  await sheet(page).getByLabel('Name of the folder').fill('Elsewhere');
  await sheet(page).getByLabel('Tag', { exact: true }).fill('old');
  await press(page, `Import ${files.length} chats`);
  await expect(sheet(page).getByRole('status')).toHaveText(`Imported ${files.length} chats.`);
  expect(await violations(page)).toEqual([]);
  await sheet(page).getByRole('button', { name: 'Close' }).click();
  await expect(list(page).getByRole('button', { name: /^Elsewhere/ })).toContainText(`${files.length}`);
  await list(page)
    .getByRole('button', { name: /^From GPT4All/ })
    .click();
  await expect(page.locator('main').getByText('in Python. 🦙').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('old');
  await expect(list(page).getByRole('button', { name: 'Squares' })).not.toHaveCount(0);
});

test('the same again is known, one step undoes an import, and a chat of one’s own stays', async ({
  launch,
}) => {
  const opened = await launch.open(scripted(launch.home));
  const { page } = opened;
  await page.getByRole('textbox', { name: 'Message' }).fill('My own question');
  await page.keyboard.press('Enter');
  await expect(chat(page, 'My own question')).toBeVisible();
  const conversations = Buffer.from(JSON.stringify([claude('Alpacas'), claude('Wool')]));
  const zip = place(
    launch.home,
    'export.zip',
    zipFile([
      { name: 'conversations.json', data: conversations, deflated: true },
      { name: 'users.json', data: Buffer.from('[]') },
    ]),
  );

  await choose(opened, [zip]);
  await expect(
    sheet(page).getByRole('combobox', { name: 'Format of export.zip/conversations.json' }),
  ).toHaveValue('claude');
  await press(page, 'Import 2 chats');
  await press(page, 'Open the first');
  await expect(sheet(page)).toBeHidden();
  // Both versions of the first reply, and the one that was shown.
  await expect(page.getByText('2/2').first()).toBeVisible();
  await expect(chat(page, 'Wool')).toBeVisible();

  await choose(opened, [zip]);
  await expect(sheet(page).getByText('imported before', { exact: true })).toHaveCount(2);
  await expect(sheet(page).getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await sheet(page)
    .getByRole('checkbox', { name: /Leave out the 2/ })
    .uncheck();
  await expect(sheet(page).getByRole('button', { name: 'Import 2 chats' })).toBeEnabled();
  await sheet(page).getByRole('checkbox', { name: /^Wool/ }).uncheck();
  await press(page, 'Import 1 chat');
  await press(page, 'Undo the import');
  await expect(chat(page, 'Alpacas')).toHaveCount(1);

  // Not in the message, where the keys undo typing.
  const outside = page.getByRole('button', { name: 'New chat' }).first();
  await outside.press('Control+z');
  await expect(chat(page, 'Alpacas')).toHaveCount(0);
  await expect(list(page)).not.toContainText('From Claude');
  await expect(chat(page, 'My own question')).toBeVisible();
  await outside.press('Control+Shift+Z');
  await expect(chat(page, 'Alpacas')).toBeVisible();
  await expect(chat(page, 'Wool')).toBeVisible();
  // What was undone is not known any more.
  await outside.press('Control+z');
  await expect(chat(page, 'Wool')).toHaveCount(0);
  await choose(opened, [zip]);
  await expect(sheet(page).getByRole('button', { name: 'Import 2 chats' })).toBeEnabled();
});

test('what can’t be read is said, and the rest is imported', async ({ launch }) => {
  const opened = await launch.open(scripted(launch.home));
  const { page } = opened;
  const good = JSON.stringify(claude('Good'));
  const half = place(launch.home, 'half.json', Buffer.from(`[${good}, {"bad": tru}, ${good.slice(0, 100)}`));
  const other = place(launch.home, 'other.json', Buffer.from('{"name": "package"}'));
  const evil = place(
    launch.home,
    'evil.zip',
    zipFile([{ name: '../../conversations.json', data: Buffer.from('[]') }]),
  );
  await choose(opened, [half, other, evil]);
  await expect(sheet(page)).toContainText('holds no chats of a known format');
  await expect(sheet(page)).toContainText('names that lead out of its folder, so nothing of it was read');
  await expect(sheet(page)).toContainText('2 entries could not be read');
  await expect(sheet(page)).toContainText('Entry 2 in half.json: It is damaged');
  await expect(sheet(page)).toContainText('It ends in the middle');
  await press(page, 'Import 1 chat');
  await expect(sheet(page)).toContainText('Imported 1 chat.');
  await expect(sheet(page)).toContainText('4 entries could not be read');
  await press(page, 'Open it');
  await expect(chat(page, 'Good')).toBeVisible();
  // A script in a message is text.
  await expect(page.getByText('<script>alert(1)</script>').first()).toBeVisible();
});

test('a dropped export is offered to be imported, or attached; other JSON is attached', async ({
  chat: opened,
  launch,
}) => {
  const { page } = opened;
  const drop = (name: string, content: string) =>
    dropFile(page, place(launch.home, name, Buffer.from(content)));
  await drop('plain.json', '{"a": 1}');
  await expect(page.getByText('plain.json')).toBeVisible();
  await expect(sheet(page)).toBeHidden();
  await drop('chats.json', JSON.stringify([claude('Dropped')]));
  await expect(sheet(page)).toContainText('1 chat with 5 messages');
  await press(page, 'Attach to the message instead');
  await expect(sheet(page)).toBeHidden();
  await expect(page.getByText('chats.json')).toBeVisible();
  await drop('more.json', JSON.stringify([claude('Dropped')]));
  await press(page, 'Import 1 chat');
  await press(page, 'Open it');
  await expect(chat(page, 'Dropped')).toBeVisible();
});

test('a file that the system opens with the app, and one of a second start', async ({ launch }) => {
  const opened = await launch.open(scripted(launch.home));
  const { page, app } = opened;
  const path = place(launch.home, 'opened.json', Buffer.from(JSON.stringify([claude('Opened')])));
  await app.evaluate(({ app: electron }, file) => {
    electron.emit('second-instance', {}, ['altiplano', '--flag', file], '/');
  }, path);
  await expect(sheet(page)).toContainText('1 chat with 5 messages');
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toBeHidden();
  await app.evaluate(({ app: electron }, file) => {
    electron.emit('open-file', { preventDefault: () => undefined }, file);
  }, path);
  await expect(sheet(page)).toContainText('1 chat with 5 messages');
});

test('looking at much can be cancelled', async ({ launch }) => {
  const opened = await launch.open(scripted(launch.home));
  const { page } = opened;
  const entry = JSON.stringify({ ...claude('Many'), note: 'x'.repeat(500_000) });
  const many = place(
    launch.home,
    'many.json',
    Buffer.from(`[${Array.from({ length: 200 }, () => entry).join(',')}]`),
  );
  await choose(opened, [many]);
  await press(page, 'Cancel');
  await expect(sheet(page).getByRole('button', { name: 'Choose files…' })).toBeVisible();
  await expect(sheet(page).getByRole('alert')).toBeHidden();
});
