/** Exports through the window: from the menus and keys to files that hold what was said. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { extractText, getDocumentProxy } from 'unpdf';
import { openDatabase } from '../../main/db/open.js';
import { rich, writeExportedChats } from '../fixtures/exported-chats.js';
import { unzippedBytes } from '../fixtures/unzipped.js';
import { expect, scripted, test } from './fixtures.js';

function fill(home: string): void {
  const db = openDatabase(join(home, 'altiplano.db'));
  writeExportedChats(db);
  db.close();
}

/** The dialog for the place answers this path; what is shown in a folder is noted. */
const saveTo = (app: ElectronApplication, path: string) =>
  app.evaluate(({ dialog, shell }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    shell.showItemInFolder = (shown) => void ((globalThis as { shown?: string }).shown = shown);
  }, path);

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Export' });
async function openRich(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^All: of/ })
    .first()
    .click();
  await expect(page.getByRole('article').first()).toContainText('Show me code');
}

test('a chat becomes a PDF and a web page: words, code, math and page numbers are there', async ({
  launch,
}) => {
  fill(launch.home);
  const { app, page } = await launch.open(scripted(launch.home));
  const artefacts = test.info().outputPath('exports');
  mkdirSync(artefacts, { recursive: true });
  await openRich(page);
  await page.keyboard.press('Control+Shift+E');
  const dialog = sheet(page);
  await dialog.getByRole('radio', { name: /^PDF/ }).check();
  await dialog.getByRole('checkbox', { name: 'All versions and branches' }).check();
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('Show me code');

  const pdf = join(artefacts, 'chat.pdf');
  await saveTo(app, pdf);
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Saved as chat.pdf.');
  await dialog.getByRole('button', { name: 'Show in folder' }).click();
  await expect.poll(() => app.evaluate(() => (globalThis as { shown?: string }).shown)).toBe(pdf);
  const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(readFileSync(pdf))));
  const words = text.join(' ').replace(/\s+/g, ' ');
  for (const said of [
    'Show me code <script>alert(1)</script>',
    "print('<b>hi</b>",
    'And math?',
    'Hm.',
    'The engine died.',
  ]) {
    expect(words).toContain(said);
  }
  expect(words).toContain(`1 / ${totalPages}`);
  expect(words).not.toContain('\\frac');

  await dialog.getByRole('radio', { name: /^Web page/ }).check();
  const html = join(artefacts, 'chat.html');
  await saveTo(app, html);
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Saved as chat.html.');
  const opened = app.waitForEvent('window');
  await app.evaluate(({ BrowserWindow }, file) => {
    void new BrowserWindow({ width: 800, height: 850 }).loadFile(file);
  }, html);
  const read = await opened;
  await expect(read.getByRole('heading', { level: 1 })).toContainText('All: of');
  for (const colorScheme of ['light', 'dark'] as const) {
    await read.emulateMedia({ colorScheme });
    await read.screenshot({ path: join(artefacts, `chat-${colorScheme}.png`), fullPage: true });
  }
  expect(
    await read.evaluate(`({
      scripts: document.scripts.length,
      formulas: document.querySelectorAll('.katex').length,
      coloured: document.querySelectorAll('[class^=hljs]').length,
      branches: document.querySelectorAll('.branch').length,
      fonts: [...document.fonts].some(({ status }) => status === 'loaded'),
    })`),
  ).toEqual({ scripts: 0, formulas: 2, coloured: 2, branches: 3, fonts: true });
});

test('several chats go into a zip, a message to the clipboard; the choice is kept', async ({ launch }) => {
  fill(launch.home);
  const { app, page } = await launch.open(scripted(launch.home));
  await app.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []);
    file?.find(({ label }) => label === 'Export Chats…')?.click();
  });
  const dialog = sheet(page);
  await expect(dialog.getByRole('combobox', { name: 'What' })).toHaveText('All chats');
  await dialog.getByRole('radio', { name: /^PDF/ }).check();
  await expect(dialog.getByRole('radio', { name: 'A zip archive' })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: 'A file' })).toBeDisabled();
  const path = join(launch.home, 'all.zip');
  await saveTo(app, path);
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Saved as all.zip.');
  const entries = await unzippedBytes(path);
  expect(Object.keys(entries)).toHaveLength(2);
  for (const bytes of Object.values(entries)) expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(readdirSync(launch.home).filter((name) => name.endsWith('.part'))).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await openRich(page);
  const message = page.getByRole('article').filter({ hasText: 'And math?' });
  await message.getByRole('button', { name: /more/i }).click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await expect(dialog.getByRole('combobox', { name: 'What' })).toContainText('This message');
  await expect(dialog.getByRole('radio', { name: /Alpaca/ })).toHaveCount(0);
  await dialog.getByRole('radio', { name: /^Markdown/ }).check();
  await dialog.getByRole('checkbox', { name: /^Times/ }).uncheck();
  await dialog.getByRole('radio', { name: 'The clipboard' }).check();
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Copied to the clipboard.');
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('## You\n\nAttached: notes.md\n\nAnd math?');

  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+E');
  await expect(dialog.getByRole('radio', { name: /^Markdown/ })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: 'The clipboard' })).toBeChecked();
});

test('an export that is cancelled leaves nothing', async ({ launch }) => {
  const db = openDatabase(join(launch.home, 'altiplano.db'));
  writeExportedChats(db);
  const add = db.prepare(
    `INSERT INTO messages (id, chat_id, role, text, created_at) VALUES (?, '${rich}', 'assistant', ?, 1)`,
  );
  db.transaction(() => {
    for (let index = 0; index < 20_000; index++) add.run(`n${index}`, '$x$ **words** '.repeat(100));
  })();
  db.close();
  const { app, page } = await launch.open(scripted(launch.home));
  await openRich(page);
  await page.keyboard.press('Control+Shift+E');
  const dialog = sheet(page);
  await dialog.getByRole('radio', { name: /^Web page/ }).check();
  await dialog.getByRole('checkbox', { name: 'All versions and branches' }).check();
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('20,008 messages');
  const path = join(launch.home, 'long.html');
  await saveTo(app, path);
  await dialog.getByRole('button', { name: 'Save…' }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('button', { name: 'Save…' })).toBeEnabled();
  expect(existsSync(path)).toBe(false);
  expect(existsSync(`${path}.part`)).toBe(false);
  await expect(dialog.getByRole('alert')).toHaveCount(0);
});
