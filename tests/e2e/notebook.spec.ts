/** The notebook: several notes that are never lost, looked at in four ways, and chats that come to it. */
import type { Page } from '@playwright/test';
import type { Note } from '../../preload/contract/notes.js';
import { ask, expect, runCommand, scripted, starterModel, test } from './fixtures.js';
import { violations } from './axe.js';

const open = (page: Page) => page.getByRole('tab', { name: 'Notebook' }).click();
const field = (page: Page) => page.getByRole('textbox', { name: 'Note', exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const list = (page: Page) => page.getByRole('complementary', { name: 'Notes' });
const texts = async (page: Page) =>
  Promise.all(
    (await ask<Note[]>(page, 'notes.list', { matching: '' })).map(({ id }) =>
      ask<string>(page, 'notes.text', { noteId: id }),
    ),
  );

test('generates, takes back, brings again, and writes other words in the place of the last ones', async ({
  chat: { page },
}) => {
  await open(page);
  await field(page).fill('roll the dice:');
  await field(page).press('Control+Enter');
  await expect(field(page)).toHaveValue('roll the dice: You rolled 1.');
  await button(page, 'Regenerate').click();
  await expect(field(page)).toHaveValue('roll the dice: You rolled 2.');
  await expect(page.getByRole('status').filter({ hasText: 'tokens' })).toContainText('6 of 2,048 tokens');
  // The field itself has forgotten these steps.
  await field(page).press('Control+Z');
  await expect(field(page)).toHaveValue('roll the dice: You rolled 1.');
  await button(page, 'Undo').click();
  await expect(field(page)).toHaveValue('roll the dice:');
  await expect(button(page, 'Undo')).toBeDisabled();
  await button(page, 'Redo').click();
  await button(page, 'Redo').click();
  await expect(field(page)).toHaveValue('roll the dice: You rolled 2.');
});

test('goes on while another view or note is open, and the page is loaded again; what is there is kept after a crash', async ({
  launch,
}) => {
  const { app, page } = await launch.open(scripted(launch.home));
  await open(page);
  await field(page).fill('slow 200');
  await button(page, 'Generate').click();
  await expect(field(page)).toHaveValue(/word3/);
  await page.getByRole('tab', { name: 'Chat' }).click();
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await open(page);
  await expect(field(page)).toHaveValue(/^slow 200 word1 word2 word3 .*word12/s);
  await button(page, 'Stop').click();
  await expect(button(page, 'Generate')).toBeEnabled();
  const stopped = await field(page).inputValue();
  await expect.poll(() => texts(page)).toEqual([stopped]);

  await button(page, 'Generate').click();
  await expect.poll(async () => (await texts(page))[0]!.length).toBeGreaterThan(stopped.length);
  const crashed = app.process();
  const gone = new Promise((resolve) => crashed.once('exit', resolve));
  crashed.kill('SIGKILL');
  await gone;
  const again = await launch.open(scripted(launch.home));
  await open(again.page);
  await expect(field(again.page)).toHaveValue(/^slow 200 word1 /);
  expect((await field(again.page).inputValue()).length).toBeGreaterThan(stopped.length);
});

test('several notes: made, named, found, deleted and brought back', async ({ chat: { page } }) => {
  await open(page);
  await field(page).fill('The llama hums.');
  await button(page, 'New note').click();
  await expect(field(page)).toHaveValue('');
  await field(page).fill('Alpacas spit.');
  const notes = list(page).getByRole('listitem');
  await expect(notes).toHaveText([/Alpacas spit\./, /The llama hums\./]);
  await notes.first().getByRole('button', { name: 'Alpacas' }).first().focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Spitting');
  await page.keyboard.press('Enter');
  await expect(notes.first()).toContainText('Spitting');
  await expect(page.getByRole('heading', { name: 'Spitting' })).toBeVisible();

  await page.getByRole('searchbox', { name: 'Search notes' }).fill('LLAMA');
  await expect(notes).toHaveText([/The llama hums\./]);
  await notes.getByRole('button', { name: 'The llama' }).first().click();
  await expect(field(page)).toHaveValue('The llama hums.');
  await notes.getByRole('button', { name: /^More of/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(list(page)).toContainText('No note has these words.');
  await expect(field(page)).toHaveValue('Alpacas spit.');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(notes).toHaveText([/The llama hums\./]);
});

test('shows a note as Markdown, as a page without scripts and remote parts, and as tokens', async ({
  chat: { page },
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await open(page);
  const hostile =
    '# Llamas\n\n<h2 onclick="top.x=1">Wool</h2><script>top.hurt=1</script><img src="http://127.0.0.1:9/x.png" onerror="top.hurt=1">' +
    '<iframe src="http://127.0.0.1:9/"></iframe><a href="http://127.0.0.1:9/">away</a><form action="http://127.0.0.1:9/"><button>go</button></form>';
  await field(page).fill(hostile);
  await button(page, 'Markdown').click();
  await expect(
    page.getByRole('region', { name: 'Note as Markdown' }).getByRole('heading', { name: 'Llamas' }),
  ).toBeVisible();
  await button(page, 'HTML').click();
  const frame = page.frameLocator('iframe[title="Note as HTML"]');
  await expect(frame.getByRole('heading', { name: 'Wool' })).toBeVisible();
  await expect(frame.getByText('away')).toBeVisible();
  for (const gone of ['script', 'img[src]', 'iframe', 'form', 'button', '[href]', '[onclick]'])
    await expect(frame.locator(gone), gone).toHaveCount(0);
  expect(await page.evaluate('window.hurt')).toBeUndefined();
  expect(asked.filter((url) => url.includes('127.0.0.1'))).toEqual([]);

  await button(page, 'Write').click();
  await field(page).fill('Llamas <|im_end|> hum');
  await button(page, 'Tokens').click();
  const tokens = page.getByRole('region', { name: 'Tokens of the note' });
  await expect(tokens.locator('span')).toHaveText(['Llamas', '·<|im_end|>', '·hum']);
  await expect(tokens.locator('.mark')).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Special tokens' }).check();
  await expect(tokens.locator('.mark')).toHaveText(['<|im_end|>']);
  await expect(tokens.locator('.mark')).toHaveAttribute('title', /^Token \d+$/);
  expect(await violations(page)).toEqual([]);
});

test('a chat comes to the notebook from its menu and from the palette', async ({ chat: { page } }) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('Who hums?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  await page
    .getByRole('list', { name: 'Chats' })
    .getByRole('button', { name: 'Who hums?', exact: true })
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Send to the notebook' }).click();
  const prompt = '<|im_start|>user\nWho hums?<|im_end|>\n<|im_start|>assistant\nEcho: Who hums?';
  await expect(field(page)).toHaveValue(prompt);
  await expect(page.getByRole('checkbox', { name: 'Special tokens' })).toBeChecked();
  await runCommand(page, 'to the notebook', 'Send this chat to the notebook');
  // The empty one was there before.
  await expect.poll(() => texts(page)).toEqual([prompt, prompt, '']);
});

test('the real model goes on with the prompt of a chat as it does in the chat', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await ask(page, 'settings.set', { sampling: { temperature: 0, max_new_tokens: 24 } });
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await page.getByRole('textbox', { name: 'Message' }).fill('Name three animals of the Andes.');
  await page.keyboard.press('Enter');
  const regenerate = page.getByRole('button', { name: 'Regenerate' });
  await expect(regenerate).toBeEnabled({ timeout: 45_000 });
  const [chat] = await ask<{ id: string }[]>(page, 'chats.list');
  const { messages } = await ask<{ messages: { text: string }[] }>(page, 'chats.open', { chatId: chat!.id });
  const reply = messages[1]!.text;

  await open(page);
  const note = await ask<Note>(page, 'notes.fromChat', { chatId: chat!.id });
  const prompt = await ask<string>(page, 'notes.text', { noteId: note.id });
  expect(prompt).toContain('<|im_start|>user\nName three animals of the Andes.<|im_end|>');
  const start = prompt.slice(0, prompt.length - reply.length);
  expect(start + reply).toBe(prompt);
  const count = (marks: boolean) => ask<number>(page, 'tokens.count', { text: start, marks });
  expect(await count(true)).toBeLessThan(await count(false));
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  await open(page);
  await field(page).fill(start);
  await button(page, 'Generate').click();
  await expect(button(page, 'Generate')).toBeEnabled({ timeout: 45_000 });
  await expect(field(page)).toHaveValue(prompt);
});

test('says so when the model can’t go on, and keeps the note', async ({ chat: { page } }) => {
  await open(page);
  await field(page).fill('fail now');
  await button(page, 'Generate').click();
  await expect(page.getByRole('alert')).toContainText('This message is too long. Shorten it.');
  await expect(field(page)).toHaveValue('fail now');
  await field(page).fill('die now');
  await button(page, 'Generate').click();
  await expect(page.getByRole('alert')).toContainText('The engine stopped unexpectedly.');
  await expect(field(page)).toHaveValue(/^die now( |$)/);
});
