/** The network: nothing goes out by itself, what goes out is listed with its cause, and offline nothing does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { NetworkView } from '../../preload/contract/network.js';
import { FileServer, noise } from '../fixtures/file-server.js';
import { startHub } from '../fixtures/hub-server.js';
import { plainModel } from '../fixtures/random-llama.js';
import { startRecordingProxy } from '../fixtures/recording-proxy.js';
import { violations } from './axe.js';
import { ask, expect, runCommand, scripted, starterModel, test } from './fixtures.js';

const card = (page: Page) => page.getByRole('group', { name: 'Network' });
const everything = { host: null, purpose: null };
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

/** Hosts that Chromium looked up, connected to or asked. */
function hostsInNetLog(path: string): string[] {
  // Chromium writes its last lines as it ends; until then the list is not closed.
  const addresses = [...readFileSync(path, 'utf8').matchAll(/"(?:url|host|address)":"([^"]*)"/g)];
  return [...new Set(addresses.map(([, address]) => address!))].filter(
    (address) => !/^(app|data|blob|devtools|file):/.test(address),
  );
}

test('in use the app asks nobody by itself, and by a click only whom it names', async ({ launch }) => {
  test.setTimeout(90_000);
  const proxy = await startRecordingProxy();
  const netLog = join(launch.home, 'net-log.json');
  const through = { HTTP_PROXY: `http://${proxy.address}`, HTTPS_PROXY: `http://${proxy.address}` };
  const opened = await launch.open(
    {
      ...{ ...through, ALL_PROXY: '', NO_PROXY: '', no_proxy: '' },
      ...{ HF_ENDPOINT: 'https://hub.example', ALTIPLANO_STARTER_MODEL: starterModel() },
    },
    [`--proxy-server=${proxy.address}`, `--log-net-log=${netLog}`],
  );
  const { page } = opened;
  await ask(page, 'settings.set', { sampling: { max_new_tokens: 8, temperature: 0 } });
  await page.reload();
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.pressSequentially('A wrod with a mistkae: https://pictures.example/a.png');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/tok\/s/)).toBeVisible({ timeout: 60_000 });
  for (const name of ['Notebook', 'Parameters', 'Characters', 'Compare', 'Models']) await tab(page, name);
  await tab(page, 'Catalogue');
  await expect(page.getByRole('heading', { name: 'Vicuna' }).first()).toBeVisible();
  await tab(page, 'Settings');
  await expect(card(page)).toContainText('Nothing has gone out.');
  // What the page's policy lets through, the session does not.
  const leaks = await opened.app.evaluate(({ session }) =>
    Promise.all(
      [session.defaultSession, session.fromPartition('printing')].map((each) =>
        each.fetch('https://leak.example/').then(String, String),
      ),
    ),
  );
  expect(leaks).toEqual(Array(2).fill(expect.stringContaining('ERR_BLOCKED_BY_CLIENT')));
  expect(proxy.wanted).toEqual([]);

  await tab(page, 'Models');
  await tab(page, 'Hub');
  await expect(page.getByRole('alert')).toContainText('hub.example is not let through by the proxy');
  await tab(page, 'Settings');
  const row = card(page).getByRole('row').nth(1);
  await expect(row).toContainText('hub.exampleGET /api/models');
  await expect(row).toContainText('Search the hubOpened the hub in Models');
  await launch.close(opened);
  expect([...new Set(proxy.wanted)]).toEqual(['hub.example:443']);
  expect(hostsInNetLog(netLog)).toEqual([]);
  await proxy.close();
});

test('what went out is listed by host and purpose, and the list can be cleared', async ({ launch }) => {
  const hub = await startHub([
    { id: 'alpaca-lovers/Tiny-GGUF', downloads: 9, files: { 'tiny.Q4_0.gguf': plainModel } },
  ]);
  const { page } = await launch.open({ ...scripted(launch.home), HF_ENDPOINT: hub.endpoint });
  const host = new URL(hub.endpoint).host;
  await tab(page, 'Models');
  await tab(page, 'Hub');
  await page.getByRole('list', { name: 'Repositories' }).getByRole('button').click();
  await expect(page.getByRole('list', { name: 'Models' })).toContainText(/Fits.* free/);
  await page.getByRole('button', { name: /^Download/ }).click();
  await expect
    .poll(async () => (await ask<{ state: string }[]>(page, 'downloads.list'))[0]?.state)
    .toBe('done');

  const storage = new Set(hub.requests.map((each) => each.host)).size;
  expect(storage).toBe(2);
  const view = await ask<NetworkView>(page, 'network.view', everything);
  // Each request that the servers saw, and no other.
  expect(view.requests).toHaveLength(hub.requests.length);
  expect(view.requests.map(({ purpose }) => purpose).reverse()).toEqual(
    expect.arrayContaining(['search the hub', 'read a repository', 'read a file header', 'download']),
  );
  expect(view.requests.every(({ path }) => !path.includes('?'))).toBe(true);

  await tab(page, 'Settings');
  await expect(card(page)).toContainText(/Today: \d+ requests, \d+ kB sent, \d+ (kB|MB) received/);
  const rows = card(page).getByRole('region', { name: 'Requests' }).getByRole('row');
  await card(page).getByLabel('For').selectOption('Search the hub');
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText(`${host}GET /api/models`);
  await card(page).getByLabel('For').selectOption('Download');
  await expect(rows.last()).toContainText('Asked for tiny.Q4_0');
  await card(page).getByText('By host', { exact: true }).click();
  await expect(card(page).getByRole('region', { name: 'Requests by host' }).getByRole('row')).toHaveCount(3);
  expect(await violations(page)).toEqual([]);
  await card(page).getByRole('button', { name: 'Clear list' }).click();
  await expect(card(page)).toContainText('Nothing has gone out.');
  await hub.close();
});

test('offline is in force at once and after a restart; downloads wait and go on', async ({ launch }) => {
  test.setTimeout(90_000);
  const server = await new FileServer().start();
  const content = Buffer.concat([plainModel, noise(8 * 1024 * 1024)]);
  server.behave = () => ({ bytesPerSecond: 1e6 });
  const url = server.put('llama.gguf', content);
  const env = { ...scripted(launch.home), HF_ENDPOINT: server.origin };
  const first = await launch.open(env);
  const file = { url, fileName: 'llama.gguf', sizeBytes: content.length, sha256: null };
  await ask(first.page, 'downloads.start', { name: 'Llama', source: 'someone/llama', files: [file] });
  await expect.poll(() => server.sentBytes).toBeGreaterThan(1e6);
  await runCommand(first.page, 'offline', 'Go offline or online');
  await expect(first.page.getByRole('button', { name: 'Offline' })).toBeVisible();
  await tab(first.page, 'Models');
  await tab(first.page, 'Downloads');
  await expect(first.page.getByRole('listitem', { name: 'Llama' })).toContainText(
    'goes on when you go online',
  );
  const asked = server.asked.length;
  await tab(first.page, 'Hub');
  await expect(first.page.getByRole('alert')).toContainText('Altiplano is offline');
  expect(server.asked).toHaveLength(asked);
  await launch.close(first);

  const { page } = await launch.open(env);
  await page.getByRole('button', { name: 'Offline' }).click();
  await expect(card(page).getByLabel('Offline')).toBeChecked();
  await tab(page, 'Models');
  await tab(page, 'Hub');
  await expect(page.getByRole('alert')).toContainText('Altiplano is offline');
  expect(server.asked).toHaveLength(asked);
  server.behave = () => ({});
  await page.getByRole('alert').getByRole('button', { name: 'Go online' }).click();
  await tab(page, 'Downloads');
  await expect(page.getByRole('listitem', { name: 'Llama' })).toContainText('Done', { timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'Offline' })).toBeHidden();
  expect(server.asked.length).toBeGreaterThan(asked);
  await server.close();
});
