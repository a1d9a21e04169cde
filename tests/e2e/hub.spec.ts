/** The hub: search, what a repository offers and what of it fits, and the way from there to a reply. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Download } from '../../preload/contract/downloads.js';
import { violations } from './axe.js';
import { ask, expect, scripted, starterModel, test, type Opened } from './fixtures.js';
import { startHub, type HubServer } from '../fixtures/hub-server.js';
import { ggufHeader } from '../fixtures/gguf.js';
import { llamaMetadata, llamaTensors, plainModel, shapes } from '../fixtures/random-llama.js';

/** A header that speaks of a model far too large for any machine of today. */
const giantShape = { ...shapes.tiny, layers: 500, heads: 512, kvHeads: 512, width: 65_536, feedForward: 400 };
const giant = ggufHeader(llamaMetadata(giantShape), llamaTensors({ ...giantShape, layers: 1 }));

let hub: HubServer;
test.beforeEach(async () => {
  hub = await startHub([
    {
      ...{ id: 'alpaca-lovers/Tiny-Alpaca-GGUF', downloads: 21_000, likes: 1, tags: ['license:apache-2.0'] },
      files: {
        'README.md': Buffer.from('# Tiny'),
        'tiny-alpaca.Q4_K_M.gguf': plainModel,
        'tiny-alpaca.Q8_0-00001-of-00002.gguf': plainModel,
        'tiny-alpaca.Q8_0-00002-of-00002.gguf': plainModel,
      },
    },
    {
      ...{ id: 'llamas/Giant-GGUF', downloads: 900, gated: 'manual' as const, tags: ['license:llama2'] },
      files: { 'giant.Q4_0.gguf': giant },
    },
    { ...{ id: 'vicuna-lovers/Weights', downloads: 5 }, files: { 'model.safetensors': Buffer.from('x') } },
    { ...{ id: 'koala-lovers/More-GGUF', downloads: 1 }, files: {} },
  ]);
});
test.afterEach(() => hub.close());

async function openHub({ page }: Opened) {
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('tab', { name: 'Hub' }).click();
  return page;
}

test('a search leads to the models of a repository, and to whether they fit', async ({ launch }) => {
  const page = await openHub(await launch.open({ ...scripted(launch.home), HF_ENDPOINT: hub.endpoint }));
  const repositories = page.getByRole('list', { name: 'Repositories' });
  await expect(repositories.getByRole('listitem')).toHaveCount(3);
  await expect(repositories.getByRole('listitem').first()).toContainText(
    '21,000 downloads · 1 like · updated May 6, 2024 · licence apache-2.0',
  );
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(repositories.getByRole('listitem')).toHaveCount(4);

  await page.getByRole('searchbox', { name: 'Search the hub' }).fill('alpaca');
  await page.keyboard.press('Enter');
  await expect(repositories.getByRole('listitem')).toHaveCount(1);
  await repositories.getByRole('button').click();
  const models = page.getByRole('list', { name: 'Models' }).getByRole('listitem');
  await expect(models).toHaveCount(2);
  await expect(models.first()).toContainText('Q4_K_M');
  await expect(models.first()).toContainText('Good; the usual choice');
  await expect(models.first()).toContainText(/Fits.* free/);
  await expect(models.last()).toContainText('in 2 parts');
  await expect(models.last()).toContainText('As good as the original');

  await page.getByRole('button', { name: 'Back to the results' }).click();
  await expect(repositories).toBeVisible();
  await page.getByRole('searchbox').fill('no such family');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing found.')).toBeVisible();
});

test('a gated model says what to do, one too large says so with numbers', async ({ launch }) => {
  const env = { ...scripted(launch.home), HF_ENDPOINT: hub.endpoint, HF_TOKEN: 'hf_member' };
  const page = await openHub(await launch.open(env));
  await page.getByRole('searchbox').fill('llamas/Giant-GGUF');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This model is gated.')).toBeVisible();
  const model = page.getByRole('list', { name: 'Models' }).getByRole('listitem');
  await expect(model).toContainText(/Too large.* GB of .* GB free/);
  await page.getByRole('searchbox').fill(`${hub.endpoint}/vicuna-lovers/Weights`);
  await page.keyboard.press('Enter');
  await expect(page.getByText('It has the original weights, not GGUF files.')).toBeVisible();
});

test('trouble says what to do, and does not stay', async ({ launch }) => {
  hub.trouble = (response) => response.writeHead(429, { 'retry-after': '7' }).end();
  const page = await openHub(await launch.open({ ...scripted(launch.home), HF_ENDPOINT: hub.endpoint }));
  await expect(page.getByRole('alert')).toContainText('Try again in 7 seconds.');
  hub.trouble = null;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('list', { name: 'Repositories' }).getByRole('listitem')).toHaveCount(3);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByText('Settings of the hub').click();
  await page.getByRole('textbox', { name: 'Mirror' }).fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Save the mirror' }).click();
  await expect(page.getByText('In use: http://127.0.0.1:9')).toBeVisible();
  await page.getByRole('searchbox').fill('alpaca');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('127.0.0.1:9 does not accept connections.');
});

for (const theme of ['light', 'dark'] as const) {
  test(`it passes the accessibility rules in the ${theme} theme, and fits 640 × 480`, async ({ launch }) => {
    const opened = await launch.open({ ...scripted(launch.home), HF_ENDPOINT: hub.endpoint });
    await opened.page.emulateMedia({ colorScheme: theme });
    const page = await openHub(opened);
    await page.getByText('Settings of the hub').click();
    await expect(page.getByRole('button', { name: /Giant/ })).toBeVisible();
    expect(await violations(page), 'results').toEqual([]);
    await page.getByRole('button', { name: /Tiny/ }).click();
    await expect(page.getByText(/Fits/).first()).toBeVisible();
    expect(await violations(page), 'offer').toEqual([]);
    await opened.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(640, 480),
    );
    await expect.poll(() => page.evaluate('innerWidth')).toBe(640);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(640);
  });
}

test('search, fit, download with a kill in the middle, verified, loaded, reply: with the real engine', async ({
  launch,
}) => {
  test.setTimeout(180_000);
  // Always the likeliest word, so that the answer does not hang on a seed.
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling: { temperature: 0 } }));
  const content = readFileSync(starterModel());
  const file = basename(starterModel());
  const name = file.replace('.gguf', '');
  const starter = await startHub([{ id: 'starters/SmolLM2-GGUF', downloads: 7, files: { [file]: content } }]);
  const env = { ALTIPLANO_STARTER_MODEL: '', HF_ENDPOINT: starter.endpoint };
  starter.bytesPerSecond = 8e6;
  const first = await launch.open(env);
  const page = await openHub(first);
  await page.getByRole('searchbox').fill('smollm2');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /SmolLM2/ }).click();
  await expect(page.getByRole('list', { name: 'Models' })).toContainText(/Fits.* free/);
  await page.getByRole('button', { name: `Download ${name}` }).click();
  const received = async () => (await ask<Download[]>(first.page, 'downloads.list'))[0]?.receivedBytes ?? 0;
  await expect.poll(received, { timeout: 30_000 }).toBeGreaterThan(content.length / 4);
  const path = join(launch.home, 'models', file);
  expect(existsSync(path)).toBe(false);
  first.app.process().kill('SIGKILL');
  await first.app.waitForEvent('close').catch(() => undefined);

  starter.bytesPerSecond = 0;
  const { page: again } = await launch.open(env);
  await again.getByRole('tab', { name: 'Models' }).click();
  await again.getByRole('tab', { name: 'Downloads' }).click();
  const item = again.getByRole('listitem', { name });
  await expect(item).toContainText('Done', { timeout: 60_000 });
  expect(readFileSync(path).equals(content)).toBe(true);
  await item.getByRole('button', { name: 'Load' }).click();
  await again.getByRole('tab', { name: 'Chat' }).click();
  await again
    .getByRole('textbox', { name: 'Message' })
    .fill('What is the capital of France? Answer in one sentence.');
  await again.keyboard.press('Enter');
  await expect(again.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 60_000 });
  await expect(again.getByRole('article').last()).toContainText('Paris');
  await again.getByRole('tab', { name: 'Models' }).click();
  await again.getByRole('tab', { name: 'On this machine' }).click();
  await expect(again.getByText(/Takes \d+ MB of memory/)).toContainText('The estimate was 3');
  await starter.close();
});
