/** Downloads in the real app, from a server that misbehaves: progress in sight, reasons said, a kill survived, and a model at the end. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Download, DownloadRequest } from '../../preload/contract/downloads.js';
import { FileServer, noise } from '../fixtures/file-server.js';
import { plainModel } from '../fixtures/random-llama.js';
import { violations } from './axe.js';
import { ask, expect, scripted, test as base } from './fixtures.js';

/** A model that is long enough to be fetched in parts, and to be killed in the middle. */
const content = Buffer.concat([plainModel, noise(38 * 1024 * 1024)]);
const partBytes = 32 * 1024 * 1024;

const test = base.extend<{ readonly server: FileServer }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from the pattern
  server: async ({}, use) => {
    const server = await new FileServer().start();
    await use(server);
    await server.close();
  },
});

function model(server: FileServer, name: string, bytes: Buffer = content): DownloadRequest {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const url = server.put(`${name}.gguf`, bytes);
  return {
    ...{ name, source: 'someone/models@main' },
    files: [{ url, fileName: `${name}.gguf`, sizeBytes: bytes.length, sha256 }],
  };
}

async function openDownloads(page: Page) {
  await page.getByRole('tab', { name: 'Models', exact: true }).click();
  await page.getByRole('tab', { name: 'Downloads' }).click();
  return page.getByRole('list', { name: 'Downloads' });
}

test('a download survives a kill, fetches little again, and is loaded from the list', async ({
  launch,
  server,
}) => {
  test.setTimeout(90_000);
  server.behave = () => ({ bytesPerSecond: 8e6 });
  const first = await launch.open(scripted(launch.home));
  await ask(first.page, 'downloads.start', model(server, 'Llama-kill'));
  const indicator = first.page.getByRole('button', { name: /^Downloads: \d+ %/ });
  await expect(indicator).toBeVisible();
  const title = () => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
  await expect.poll(title).toMatch(/^\d+ % · Altiplano$/);
  await indicator.click();
  await expect(first.page.getByRole('listitem', { name: 'Llama-kill' })).toContainText('MB/s');
  const received = async () => (await ask<Download[]>(first.page, 'downloads.list'))[0]!.receivedBytes;
  await expect.poll(received, { timeout: 20_000 }).toBeGreaterThan(12e6);
  const models = join(launch.home, 'models');
  expect(existsSync(join(models, 'Llama-kill.gguf'))).toBe(false);
  first.app.process().kill('SIGKILL');
  await first.app.waitForEvent('close').catch(() => undefined);

  server.behave = () => ({ bytesPerSecond: 20e6 });
  const { app, page } = await launch.open(scripted(launch.home));
  const list = await openDownloads(page);
  const item = list.getByRole('listitem', { name: 'Llama-kill' });
  await expect(item).toContainText('Done', { timeout: 30_000 });
  expect(readFileSync(join(models, 'Llama-kill.gguf')).equals(content)).toBe(true);
  expect(readdirSync(models).filter((name) => name.includes('.part'))).toEqual([]);
  expect(server.sentBytes).toBeLessThan(content.length + partBytes / 2);
  await expect(page.getByRole('status').filter({ hasText: 'ready to load' })).toBeVisible();
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle()))
    .toBe('Altiplano');
  await item.getByRole('button', { name: 'Load' }).click();
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue(join(models, 'Llama-kill.gguf'));
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await expect(list).toContainText('Nothing is being downloaded');
});

test('pause, resume, the reason of waiting, cancel and its way back', async ({ chat: { page }, server }) => {
  const list = await openDownloads(page);
  server.behave = () => ({ bytesPerSecond: 2e6 });
  await ask(page, 'downloads.start', model(server, 'Alpaca'));
  const alpaca = list.getByRole('listitem', { name: 'Alpaca' });
  await expect(alpaca).toContainText('Downloading');
  await alpaca.getByRole('button', { name: 'Pause' }).click();
  await expect(alpaca).toContainText('Paused');
  const before = server.sentBytes;
  await alpaca.getByRole('button', { name: 'Cancel' }).click();
  await expect(alpaca).toBeHidden();
  // Before it goes on: a part that is asked for at once would come through.
  server.behave = () => ({ status: 503, headers: { 'retry-after': '600' } });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(alpaca).toContainText('has trouble (503)');
  await expect(alpaca).toContainText('Next try in');
  await expect(page.getByRole('button', { name: 'Downloads: waiting' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  server.behave = () => undefined;
  await alpaca.getByRole('button', { name: 'Try now' }).click();
  await expect(alpaca).toContainText('Done', { timeout: 20_000 });
  expect(server.sentBytes - before).toBeLessThan(content.length + partBytes / 2);
});

test('a file that is not there is refused with a reason, and one that is not the promised one never becomes a model', async ({
  chat: { page },
  launch,
  server,
}) => {
  const list = await openDownloads(page);
  const missing = model(server, 'Vicuna', plainModel);
  server.behave = ({ path }) => (path === '/Vicuna.gguf' ? { status: 404 } : undefined);
  await ask(page, 'downloads.start', missing);
  const vicuna = list.getByRole('listitem', { name: 'Vicuna' });
  await expect(vicuna).toContainText('has no such file (404)');
  server.behave = () => undefined;
  await vicuna.getByRole('button', { name: 'Try again' }).click();
  await expect(vicuna).toContainText('Done');
  const other = model(server, 'Koala', plainModel);
  server.put('Koala.gguf', noise(plainModel.length));
  await ask(page, 'downloads.start', other);
  await expect(list.getByRole('listitem', { name: 'Koala' })).toContainText(
    'is not the one that was promised',
  );
  expect(readdirSync(join(launch.home, 'models')).sort()).toEqual(['Scripted-7B.gguf', 'Vicuna.gguf']);
});
