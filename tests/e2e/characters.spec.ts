/** Characters, the user's profiles, and chats with them, as a user works with them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { readCardFile } from '../../main/characters/card-file.js';
import { plainPng } from '../../main/characters/png.js';
import { violations } from './axe.js';
import { ask, expect, test } from './fixtures.js';

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const gallery = (page: Page) => page.getByRole('list', { name: 'Characters', exact: true });
const messages = (page: Page) => conversation(page).getByRole('article');
const undo = (page: Page, text: string) =>
  page.getByText(text).locator('..').getByRole('button', { name: 'Undo' }).click();

async function say(page: Page, text: string): Promise<Locator> {
  const before = await messages(page).count();
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(messages(page)).toHaveCount(before + 2);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  return messages(page).last();
}

function answerDialogs(app: ElectronApplication, open: string[], save = '') {
  return app.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: paths.open });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: paths.save });
    },
    { open, save },
  );
}

async function addQuilla(page: Page) {
  await tab(page, 'Characters');
  await page.getByRole('button', { name: 'Add Quilla the weaver' }).click();
  await expect(gallery(page)).toContainText('Quilla the weaver');
}

test('an example becomes a chat: its greetings, its names, and what it tells the model', async ({
  chat: { page },
}) => {
  await addQuilla(page);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Chat with Quilla the weaver' }).click();

  const greeting = messages(page).first();
  await expect(greeting).toHaveAccessibleName('Quilla');
  await expect(greeting).toContainText('Come in, You, and pull the door behind you');
  await expect(greeting).toContainText('1/2');
  await expect(greeting).not.toContainText('interrupted');
  await expect(greeting.getByRole('button', { name: 'Regenerate' })).toHaveCount(0);
  await greeting.getByRole('button', { name: 'Next version' }).click();
  await expect(greeting).toContainText('Do not move, You.');
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveAttribute(
    'placeholder',
    'Message Quilla',
  );

  const reply = await say(page, 'Tell me the settings of Nieve');
  await expect(reply).toHaveAccessibleName('Quilla');
  await expect(reply).toContainText('Quilla is a weaver of sixty');
  await expect(reply).toContainText('Nieve is Quilla’s oldest llama');
  await expect(reply).not.toContainText('The lake lies at');
  await expect(reply).not.toContainText('{{');
});

test('who talks is chosen in the chat: a profile, another mode, and back', async ({ chat: { page } }) => {
  await addQuilla(page);
  await page.getByRole('button', { name: 'New profile' }).click();
  const name = page.getByRole('textbox', { name: 'Name of the profile New profile' });
  await name.fill('Ana');
  await name.blur();
  const about = page.getByRole('textbox', { name: 'About Ana' });
  await about.fill('{{user}} bakes bread.');
  await about.blur();
  // The first profile is the one that new chats begin with.
  await expect(page.getByRole('radio', { name: 'Begin new chats as Ana' })).toBeChecked();
  await page.getByRole('button', { name: 'Chat with Quilla the weaver' }).click();
  await expect(messages(page).first()).toContainText('Come in, Ana,');
  await expect(await say(page, 'settings')).toContainText('About Ana: Ana bakes bread.');
  await expect(messages(page).nth(1)).toHaveAccessibleName('Ana');

  await page.getByRole('button', { name: 'Who talks…' }).click();
  const choice = page.getByRole('dialog', { name: 'Who talks in this chat' });
  expect(await violations(page)).toEqual([]);
  await choice.getByRole('radio', { name: 'chat-instruct' }).click();
  await choice.getByRole('textbox', { name: 'Instruction' }).fill('Go on: <|prompt|>');
  await choice.getByRole('textbox', { name: 'Instruction' }).blur();
  await choice.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Who talks…' }).click();
  await expect(choice.getByRole('textbox', { name: 'Instruction' })).toHaveValue('Go on: <|prompt|>');
  await choice
    .getByRole('combobox', { name: 'Character' })
    .selectOption({ label: 'None: the model as it is' });
  await choice.getByRole('button', { name: 'Done' }).click();
  await expect(messages(page).first()).toHaveAccessibleName('Assistant');
  await undo(page, 'Changed who talks in this chat');
  await expect(messages(page).first()).toHaveAccessibleName('Quilla');
  await page.keyboard.press('Control+Shift+Z');
  await expect(messages(page).first()).toHaveAccessibleName('Assistant');
  await expect(await say(page, 'settings')).not.toContainText('weaver');
});

test('a character is written, kept while one types, and found by the search', async ({ launch, chat }) => {
  const { page } = chat;
  await tab(page, 'Characters');
  await page.getByRole('button', { name: 'New character' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Tupaq');
  await page.getByRole('textbox', { name: 'Description' }).fill('{{char}} herds alpacas.');
  await page.getByRole('textbox', { name: 'Greeting', exact: true }).fill('*nods* Hello, {{user}}.');
  await expect(page.getByRole('region', { name: 'Greeting in a chat' })).toContainText('nods Hello, You.');
  await expect(page.getByText('tokens in every prompt')).toBeVisible();
  await page.getByRole('button', { name: 'Add another greeting' }).click();
  await page.getByRole('textbox', { name: 'Greeting 2' }).fill('Again?');
  await expect(page.getByRole('region', { name: 'Greeting in a chat' })).toContainText('2/2');
  await page.getByRole('button', { name: 'Add an entry' }).click();
  await page.getByRole('textbox', { name: 'Keys, with commas between them' }).fill('pass, snow');
  await page.getByRole('textbox', { name: 'What joins the prompt' }).fill('The pass is closed.');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Chat', exact: true }).click();
  await expect(messages(page).first()).toContainText('nods Hello, You.');
  await expect(await say(page, 'settings of the pass')).toContainText('The pass is closed.');

  await launch.close(chat);
  const { page: again } = await launch.open();
  await expect(messages(again).first()).toHaveAccessibleName('Tupaq');
  await again.keyboard.press('Control+Shift+F');
  await expect(again.getByRole('combobox', { name: 'Search all chats' })).toBeFocused();
  await again.keyboard.type('character:tupaq pass');
  await expect(again.getByRole('listbox', { name: 'Found' }).getByRole('option').first()).toContainText(
    'Tupaq',
  );
});

test('a card comes in as it is, goes out as three kinds of file, and is deleted and brought back', async ({
  launch,
  chat: { app, page },
}) => {
  const path = (name: string) => join(launch.home, name);
  const card = { name: 'Kai', first_mes: 'Hi', x_own: { kept: [1, 2] }, description: 'd' };
  writeFileSync(path('Kai.json'), JSON.stringify({ spec: 'chara_card_v2', data: card, fav: true }));
  writeFileSync(path('Kai.png'), plainPng(40, 50, [120, 90, 60]));
  await answerDialogs(app, [path('Kai.json')], path('out.png'));
  await tab(page, 'Characters');
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('Imported “Kai”')).toBeVisible();
  const image = gallery(page).locator('img');
  await expect
    .poll(() => image.evaluate((element) => ('naturalWidth' in element ? element.naturalWidth : undefined)))
    .toBe(40);

  const more = page.getByRole('button', { name: 'More for Kai' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Export as a picture (PNG)' }).click();
  await expect(page.getByText(`Exported to ${path('out.png')}`)).toBeVisible();
  const png = readCardFile('out', readFileSync(path('out.png')));
  expect(png.card).toMatchObject(card);
  expect(png.beside).toEqual({ fav: true });

  await answerDialogs(app, [], path('out.yaml'));
  await more.click();
  await page.getByRole('menuitem', { name: 'Export for text-generation-webui' }).click();
  await expect(page.getByText('This kind of file has no place for the picture')).toBeVisible();
  expect(readFileSync(path('out.yaml'), 'utf8')).toBe('name: Kai\ngreeting: Hi\ncontext: d\n');

  await more.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('button', { name: 'Add Marginalia' })).toBeVisible();
  await undo(page, 'Deleted “Kai”');
  await expect(gallery(page)).toContainText('Kai');
});

test('bad files are refused with a reason, and script in a card is only text', async ({
  launch,
  chat: { app, page },
}) => {
  const path = (name: string) => join(launch.home, name);
  const sound = plainPng(4, 4, [1, 2, 3]);
  const broken = Buffer.from(sound);
  broken[20]! ^= 1;
  writeFileSync(path('broken.png'), broken);
  writeFileSync(path('nobody.png'), sound);
  const script = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  writeFileSync(
    path('script.json'),
    JSON.stringify({ name: script, first_mes: script, creator_notes: script, tags: 5 }),
  );
  await answerDialogs(app, ['broken.png', 'nobody.png', 'script.json'].map(path));
  await tab(page, 'Characters');
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('broken.png: not imported.')).toBeVisible();
  await expect(page.getByText('the checksum of its part IHDR is wrong')).toBeVisible();
  await expect(page.getByText('There is no character card in this picture.')).toBeVisible();
  await expect(page.getByText('tags: this is of the wrong kind')).toBeVisible();
  await expect(gallery(page).getByRole('listitem')).toHaveCount(1);
  await expect(gallery(page)).toContainText('<script>');
  await gallery(page)
    .getByRole('button', { name: /^Chat with/ })
    .click();
  await expect(messages(page)).toHaveCount(1);
  expect(await page.title()).toBe('Altiplano');
  expect(await ask<unknown[]>(page, 'characters.list')).toHaveLength(1);
});
