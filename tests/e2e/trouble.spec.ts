/** What goes wrong, and what the user is told: nothing saved is lost, and there is a next step. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import { ggufFile, ggufHeader } from '../fixtures/gguf.js';
import { llamaMetadata, llamaTensors, plainModel, shapes } from '../fixtures/random-llama.js';
import { expect, placeModel, scripted, startAgain, test } from './fixtures.js';

const send = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
};

test('without a model the window opens and says what to do; the message stays', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await expect(page.getByRole('heading', { name: 'Altiplano needs a model' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a model file…' })).toBeVisible();
  await send(page, 'anyone there?');
  await expect(page.getByRole('alert')).toContainText('No model is there to answer.');
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('anyone there?');
});

test('a file that is no GGUF and a truncated one are named so', async ({ launch }) => {
  mkdirSync(join(launch.home, 'models'), { recursive: true });
  writeFileSync(join(launch.home, 'models', 'poem.gguf'), 'roses are red, violets are blue');
  const whole = join(launch.home, 'models', 'cut.gguf');
  writeFileSync(whole, plainModel);
  truncateSync(whole, 50_000);
  const { page } = await launch.open(scripted(launch.home));
  await page.getByRole('tab', { name: 'Models' }).click();
  const files = page.getByRole('list', { name: 'Model files' });
  await expect(files).toContainText(
    'This file is not a usable GGUF model: its first bytes are not those of GGUF.',
  );
  await expect(files).toContainText('This model file is incomplete: it has 50,000 of at least');
});

test('a model that is gone is named, with a next step', async ({ launch }) => {
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ modelPath: '/nowhere/lost.gguf' }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await expect(page.getByRole('alert')).toContainText(
    'The model file is not there or can’t be read: /nowhere/lost.gguf',
  );
  await expect(page.getByRole('button', { name: 'Choose another file…' })).toBeVisible();
});

test('a model that llama.cpp refuses fails with its reason, and the app lives', async ({ launch }) => {
  const path = join(launch.home, 'odd.gguf');
  const metadata = { ...llamaMetadata(shapes.tiny), 'tokenizer.ggml.model': 'runes' };
  writeFileSync(path, ggufFile(metadata, llamaTensors(shapes.tiny)));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: path });
  await expect(page.getByRole('alert')).toContainText(
    'The engine could not load this file: unknown tokenizer: ‘runes’.',
  );
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('what memory can’t hold with any context is refused with numbers', async ({ launch }) => {
  const shape = {
    ...shapes.tiny,
    layers: 8,
    width: 131_072,
    feedForward: 524_288,
    heads: 512,
    kvHeads: 512,
  };
  const path = join(launch.home, 'big.gguf');
  const tensors = llamaTensors(shape);
  const header = ggufHeader(llamaMetadata(shape), tensors);
  writeFileSync(path, header);
  // All of it is there, as a hole.
  truncateSync(
    path,
    header.length + tensors.reduce((sum, { sizeBytes = 2 ** 20 }) => sum + sizeBytes + 32, 0),
  );
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: path });
  await expect(page.getByRole('alert')).toContainText(
    /This model needs about [\d.]+ GB of memory; [\d.]+ GB are free\./,
  );
});

test('an engine that dies while loading leaves the app alive', async ({ launch }) => {
  const path = placeModel(launch.home, 'die-on-load.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  await expect(page.getByRole('alert')).toContainText('The engine crashes on this file.');
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Scripted-7B' });
  await send(page, 'still here?');
  await expect(page.getByRole('log')).toContainText('Echo: still here?');
});

test('an engine that dies while writing: the text is kept and marked, the next reply works', async ({
  chat: { page },
}) => {
  await send(page, 'slow 200 die now');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await expect(reply.getByRole('alert')).toContainText('The engine stopped unexpectedly.');
  await expect(reply).toContainText('word1');
  await send(page, 'again');
  await expect(page.getByRole('log')).toContainText('Echo: again');
});

test('a reply that fails says why, and leaves no empty hands', async ({ chat: { page } }) => {
  await send(page, 'fail now');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await expect(reply.getByRole('alert')).toContainText('This message is too long. Shorten it.');
  await expect(reply.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
});

test('kill -9 of the app while it writes, again and again: at most the last second of the reply is missing', async ({
  launch,
}) => {
  test.setTimeout(120_000);
  const wordsPerSecond = 40;
  const reply = (page: Page) => page.getByRole('article', { name: 'Scripted-7B' });
  const lastWord = async (page: Page) => Number(/.*word(\d+)/s.exec(await reply(page).innerText())?.[1]);
  let { app, page } = await launch.open(scripted(launch.home));
  for (const [round, words] of [60, 5, 130].entries()) {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await send(page, `slow 400, round ${round}`);
    await expect(reply(page)).toContainText(`word${words}`);
    const shown = await lastWord(page);
    app.process().kill('SIGKILL');
    ({ app, page } = await launch.open(scripted(launch.home)));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`slow 400, round ${round}`);
    await expect(reply(page)).toContainText('This reply was interrupted');
    const text = await reply(page).innerText();
    expect(text.includes('word') ? await lastWord(page) : 0).toBeGreaterThanOrEqual(shown - wordsPerSecond);
    await expect(page.getByRole('list', { name: 'Chats' }).getByText(/^slow 400, round/)).toHaveCount(
      round + 1,
    );
  }
});

test('a database of a newer version is left alone and named', async ({ launch }) => {
  const db = new Sqlite(join(launch.home, 'altiplano.db'));
  db.pragma('user_version = 9000');
  db.close();
  const { page } = await launch.open(scripted(launch.home));
  await expect(page.getByRole('alert')).toContainText(
    'Your chats were saved by a newer version of Altiplano.',
  );
  const after = new Sqlite(join(launch.home, 'altiplano.db'));
  expect(after.pragma('user_version', { simple: true })).toBe(9000);
  after.close();
});

test('a damaged database is left alone and named', async ({ launch }) => {
  writeFileSync(
    join(launch.home, 'altiplano.db'),
    'this is not a database, but someone’s diary. '.repeat(100),
  );
  const { page } = await launch.open(scripted(launch.home));
  await expect(page.getByRole('alert')).toContainText(
    'The file with your chats is damaged and was left untouched.',
  );
});

test('settings that can’t be read are kept aside, and the defaults hold', async ({ launch }) => {
  writeFileSync(join(launch.home, 'settings.json'), '{ "theme": ');
  const { page } = await launch.open(scripted(launch.home));
  await expect(page.getByRole('alert')).toContainText(
    'Your settings could not be read, so the defaults are in use.',
  );
});

test('a data folder that can’t be written to is named at the start', async ({ chat: { app }, launch }) => {
  const inTheWay = join(launch.home, 'a file');
  writeFileSync(inTheWay, '');
  const { stop, said } = startAgain(app, join(inTheWay, 'home'));
  await expect.poll(said).toContain(`Altiplano can’t write to its folder: ${join(inTheWay, 'home')}`);
  expect(said()).toContain('name another folder by ALTIPLANO_HOME');
  stop();
});

test('a second start with the same data ends by itself', async ({ chat: { app }, launch }) => {
  const second = spawnSync(
    app.process().spawnfile,
    [
      ...app
        .process()
        .spawnargs.slice(1)
        .filter((arg) => !arg.includes('inspect') && !arg.includes('remote-debugging')),
    ],
    {
      env: { ...process.env, ALTIPLANO_HOME: launch.home },
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  expect(second.status).toBe(0);
  expect(second.stderr).toContain('Altiplano is already running with this data folder');
});
