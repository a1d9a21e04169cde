/** Files as a part of messages: attached, read, counted, told when they are too much, sent, and seen by the model. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { docxFile, pdfFile, wordParagraph } from '../fixtures/documents.js';
import { violations } from './axe.js';
import { ask, expect, scripted, starterModel, test, type Opened } from './fixtures.js';

const input = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });
const gauge = (page: Page) => page.getByRole('button', { name: /^Prompt/ });
/** A file over the input. */
const chip = (page: Page, name: string) =>
  page.locator('.composer').getByRole('listitem').filter({ hasText: name });
const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`).join(' ');

/** Puts files on the disk and attaches them by the button, as who picks them in the dialog. */
async function attach({ app, page }: Opened, home: string, files: Record<string, Buffer | string>) {
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(home, name);
    writeFileSync(path, content);
    return path;
  });
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: chosen });
  }, paths);
  await page.getByRole('button', { name: 'Attach files' }).click();
}

/** Pastes into the message as the clipboard would. */
async function paste(page: Page, text: string) {
  await input(page).focus();
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
  }`);
}

test('files are read, counted, shown as the model sees them, and sent', async ({ chat, launch }) => {
  const { page } = chat;
  await attach(chat, launch.home, {
    'wool.csv': 'name,wool\nSuri,silky\n',
    'report.pdf': pdfFile([['The spring lies', 'in Puna.'], ['Page two']]),
    'letter.docx': docxFile({ body: wordParagraph('Dear llama') }),
    'scan.pdf': pdfFile([[]]),
    'photo.txt': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  });
  // The scripted engine counts words: a line that names the file, two fences, and the text.
  await expect(chip(page, 'wool.csv')).toContainText('CSV · 2 rows × 2 columns · 1 kB · 6 tokens');
  await expect(chip(page, 'report.pdf')).toContainText('PDF · 2 pages');
  await expect(chip(page, 'letter.docx')).toContainText('Word');
  await expect(chip(page, 'scan.pdf')).toContainText('holds pictures of pages');
  await expect(chip(page, 'photo.txt')).toContainText('Pictures can’t be attached');
  expect(await violations(page)).toEqual([]);

  // What can't be read holds the message back until it is taken off.
  await input(page).fill('code');
  await expect(send(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Remove scan.pdf' }).click();
  await page.getByRole('button', { name: 'Remove photo.txt' }).click();
  await expect(send(page)).toBeEnabled();
  // A part of a PDF is chosen where its text is seen.
  await chip(page, 'report.pdf')
    .getByRole('button', { name: /report/ })
    .first()
    .click();
  const sheet = page.getByRole('dialog', { name: 'report.pdf' });
  await expect(sheet.getByLabel('What the model is given')).toContainText('The spring lies\nin Puna.');
  await sheet.getByLabel('Pages').fill('2');
  await sheet.getByRole('button', { name: 'Use these' }).first().click();
  await expect(sheet.getByLabel('What the model is given')).toHaveText(
    'File "report.pdf" (page 2 of 2):\n```\nPage two\n```',
  );
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(chip(page, 'report.pdf')).toContainText('only 2–2');
  // One that was removed by mistake comes back to its place.
  await page.getByRole('button', { name: 'Remove wool.csv' }).click();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.locator('.composer').getByRole('listitem').first()).toContainText('wool.csv');

  await expect(gauge(page)).not.toHaveText('Prompt 1 of 8,192');
  await send(page).click();
  const question = page.getByRole('article', { name: 'You' });
  await expect(question.getByRole('listitem')).toHaveCount(3);
  await expect(page.locator('.composer').getByRole('listitem')).toHaveCount(0);
  await question.getByRole('button', { name: /wool\.csv/ }).click();
  await expect(page.getByLabel('What the model is given')).toContainText('Suri,silky');
  await page.keyboard.press('Escape');
});

test('a long paste becomes an attachment, or stays a text', async ({ chat: { page } }) => {
  await paste(page, words(1000));
  await expect(chip(page, 'Pasted text')).toContainText('1,005 tokens');
  await expect(input(page)).toHaveValue('');
  await chip(page, 'Pasted text').getByRole('button', { name: 'Insert as text' }).click();
  await expect(input(page)).toHaveValue(words(1000));
  await expect(chip(page, 'Pasted text')).toHaveCount(0);
  await input(page).fill('');
  // It belongs to its chat's draft, and can be sent alone.
  await paste(page, words(1001));
  await expect(chip(page, 'Pasted text')).toContainText('1,006 tokens');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(send(page)).toBeEnabled();
  await send(page).click();
  await expect(page.getByRole('article', { name: 'You' }).getByRole('listitem')).toContainText('Pasted text');
  await expect(page.getByRole('article').last()).toContainText('tok/s');
});

test('a dropped file is attached to the chat', async ({ chat: { page } }) => {
  const drag = (event: string) =>
    page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['alpha beta'], 'dropped.txt'));
      document.body.dispatchEvent(new DragEvent('${event}', { dataTransfer, bubbles: true, cancelable: true }));
    }`);
  await drag('dragenter');
  await expect(page.getByText('Drop files to attach them to your message.')).toBeVisible();
  await drag('drop');
  await expect(chip(page, 'dropped.txt')).toContainText('Text · 1 kB · 6 tokens');
});

test('files of a draft are there after a crash, each in its chat, and go when they are sent', async ({
  launch,
}) => {
  const first = await launch.open(scripted(launch.home));
  await attach(first, launch.home, { 'old.txt': 'alpha beta' });
  await paste(first.page, words(1001));
  await input(first.page).fill('With files');
  await send(first.page).click();
  await expect(first.page.getByRole('article').last()).toContainText('tok/s');
  await attach(first, launch.home, { 'next.txt': 'gamma delta' });
  await expect(chip(first.page, 'next.txt')).toContainText('6 tokens');
  await first.page.getByRole('button', { name: 'New chat' }).first().click();
  await paste(first.page, words(1002));
  await expect(chip(first.page, 'Pasted text')).toContainText('tokens');
  await attach(first, launch.home, { 'removed.txt': 'epsilon' });
  await first.page.getByRole('button', { name: 'Remove removed.txt' }).click();
  await expect(chip(first.page, 'removed.txt')).toHaveCount(0);
  await expect.poll(async () => (await ask<unknown[]>(first.page, 'attachments.list')).length).toBe(2);
  first.app.process().kill('SIGKILL');

  const { page } = await launch.open(scripted(launch.home));
  await expect(chip(page, 'next.txt')).toContainText('tokens');
  await expect(page.locator('.composer').getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await expect(chip(page, 'removed.txt')).toHaveCount(0);
  await chip(page, 'Pasted text').getByRole('button', { name: 'Insert as text' }).click();
  await expect(input(page)).toHaveValue(words(1002));
});

test('what does not fit is told before sending, with a way on, and nothing is cut by itself', async ({
  launch,
}) => {
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ contextSize: 64 }));
  const opened = await launch.open(scripted(launch.home));
  const { page } = opened;
  await attach(opened, launch.home, { 'long.txt': words(100) });
  // 104 words, and room for 48.
  await expect(page.getByRole('status')).toContainText([
    'This message is 56 tokens too long for the context.',
  ]);
  await expect(send(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Send a part of long.txt…' }).click();
  const sheet = page.getByRole('dialog', { name: 'long.txt' });
  await sheet.getByRole('button', { name: 'As much as fits: 16 tokens' }).click();
  await expect(sheet.getByLabel('What the model is given')).toContainText('characters):\n```\nw0 w1');
  await page.keyboard.press('Escape');
  await expect(chip(page, 'long.txt')).toContainText('only the first');
  await expect(send(page)).toBeEnabled();
  await send(page).click();
  await expect(page.getByRole('article').last()).toContainText('tok/s');
});

test('the starter model answers from a file, and the doctor shows the file in its prompt', async ({
  launch,
}) => {
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling: { temperature: 0 } }));
  const opened = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const { page } = opened;
  await expect(gauge(page)).toBeVisible({ timeout: 45_000 });
  await attach(opened, launch.home, { 'note.txt': 'The name of the llama is Quinoa.' });
  await expect(chip(page, 'note.txt')).toContainText(/\d+ tokens/);
  await expect(chip(page, 'note.txt')).not.toContainText('about');
  await input(page).fill('What is the name of the llama?');
  await send(page).click();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await expect(page.getByRole('article').last()).toContainText('Quinoa');
  await page.getByRole('button', { name: /template$/ }).click();
  await expect(page.getByRole('region', { name: 'Tokens of the prompt' })).toContainText('note.txt');
});
