/** The models on this machine: adding, finding, verifying, deleting, and what comes and goes by itself. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { plainModel, splitModel } from '../fixtures/random-llama.js';
import { violations } from './axe.js';
import { answerQuestions, asked, expect, scripted, starterModel, test } from './fixtures.js';

const list = (page: Page) => page.getByRole('list', { name: 'Model files' });
const row = (page: Page, name: string) =>
  list(page)
    .getByRole('listitem')
    .filter({ has: page.getByText(name, { exact: true }) });
const openModels = (page: Page) => page.getByRole('tab', { name: 'Models' }).click();
const notices = (page: Page, text: string) => page.locator('.notice').filter({ hasText: text });

/** A sound model that differs from all others by its length. */
function model(path: string, more: number): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat([plainModel, Buffer.alloc(32 * more)]));
  return path;
}

/** The system picks these paths, and its next questions are answered by what stands on their buttons. */
async function answerDialogs(
  app: ElectronApplication,
  paths: readonly string[],
  buttons: readonly string[] = [],
) {
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    [...paths],
  );
  await answerQuestions(app, buttons);
}

test('a folder is added in place, watched, and taken out of the list with a way back', async ({
  chat: { app, page },
  launch,
}) => {
  const folder = join(launch.home, 'mine');
  model(join(folder, 'deep', 'Vicuna-7B.gguf'), 1);
  model(join(folder, 'Koala-7B.gguf'), 2);
  await answerDialogs(app, [folder]);
  await openModels(page);
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  await expect(notices(page, '2 models were added to the list.')).toBeVisible();
  await expect(list(page).getByRole('listitem')).toHaveCount(3);
  // Another program comes and goes.
  model(join(folder, 'deep', 'Alpaca-7B.gguf'), 3);
  await expect(row(page, 'Alpaca-7B')).toBeVisible();
  rmSync(join(folder, 'Koala-7B.gguf'));
  await expect(row(page, 'Koala-7B')).toHaveCount(0);
  await page.getByRole('button', { name: `Remove ${folder} from list` }).click();
  await expect(list(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Alpaca-7B')).toBeVisible();
  expect(existsSync(join(folder, 'deep', 'Vicuna-7B.gguf'))).toBe(true);
});

test('a folder that goes away keeps its models with what is wrong, until it is back', async ({
  chat: { app, page },
  launch,
}) => {
  const folder = join(launch.home, 'disk');
  model(join(folder, 'Vicuna-7B.gguf'), 1);
  await answerDialogs(app, [folder]);
  await openModels(page);
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  await expect(row(page, 'Vicuna-7B')).toBeVisible();
  renameSync(folder, `${folder}-unplugged`);
  await expect(row(page, 'Vicuna-7B')).toContainText('Its folder is not there now. Is its disk connected?');
  await expect(row(page, 'Vicuna-7B').getByRole('button', { name: 'Load Vicuna-7B' })).toBeDisabled();
  await expect(page.getByRole('region', { name: 'Folders' })).toContainText('This folder is not there now.');
  renameSync(`${folder}-unplugged`, folder);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.emit('focus'));
  await expect(row(page, 'Vicuna-7B').getByRole('button', { name: 'Load Vicuna-7B' })).toBeEnabled();
});

test('files and folders dropped onto the window are listed, and what is no model is refused', async ({
  chat: { page },
  launch,
}) => {
  const file = model(join(launch.home, 'drop', 'Dropped-7B.gguf'), 1);
  const folder = dirname(model(join(launch.home, 'folder', 'In-a-folder.gguf'), 2));
  const notes = join(launch.home, 'notes.txt');
  writeFileSync(notes, 'hello');
  const client = await page.context().newCDPSession(page);
  const at = { x: 400, y: 300 };
  const drag = async (type: 'dragEnter' | 'dragOver' | 'drop', files: string[]) => {
    const data = { items: [], files, dragOperationsMask: 1 };
    await client.send('Input.dispatchDragEvent', { type, ...at, data });
  };
  const drop = async (files: string[], told: string) => {
    await drag('dragEnter', files);
    await drag('dragOver', files);
    await expect(page.getByText(told)).toBeVisible();
    await drag('drop', files);
    await expect(page.getByText(told)).toHaveCount(0);
  };
  await drop([file, notes], 'Models (.gguf) and folders go to the list of models');
  await expect(page.getByRole('list', { name: 'Attachments' })).toContainText('notes.txt');
  await openModels(page);
  await expect(row(page, 'Dropped-7B')).toContainText(file);
  await drop([folder, notes], 'Drop model files or folders to list them.');
  await expect(notices(page, 'notes.txt was not added. It is not a GGUF model.')).toBeVisible();
  await expect(row(page, 'In-a-folder')).toBeVisible();
  // The page is where it was: nothing was opened in it.
  expect(page.url()).toContain('app://');
});

test('models of other apps are offered with counts and sizes, and added only when asked', async ({
  launch,
}) => {
  const user = join(launch.home, 'user');
  model(join(user, '.lmstudio', 'models', 'owner', 'repo', 'Vicuna-7B.gguf'), 1);
  const digest = 'a'.repeat(64);
  const manifest = join(user, 'ollama', 'manifests', 'registry.ollama.example', 'library', 'llama2', '7b');
  mkdirSync(dirname(manifest), { recursive: true });
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}`, size: 1 }];
  writeFileSync(manifest, JSON.stringify({ schemaVersion: 2, layers }));
  model(join(user, 'ollama', 'blobs', `sha256-${digest}`), 2);
  const { page } = await launch.open({
    ...scripted(launch.home),
    ...{ HOME: user, OLLAMA_MODELS: join(user, 'ollama') },
  });
  await openModels(page);
  await expect(row(page, 'Scripted-7B')).toContainText('Loaded');
  await expect(list(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Look for them' }).click();
  const offers = page.getByRole('list', { name: 'Folders of other apps' });
  await expect(offers.getByRole('listitem')).toHaveCount(2);
  await expect(offers).toContainText(/LM Studio\s+1\s+model, \d+ kB/);
  await expect(list(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: /^Add the models of Ollama/ }).click();
  await expect(row(page, 'llama2:7b')).toBeVisible();
  await expect(offers.getByText('In the list')).toBeVisible();
  // It belongs to Ollama: loaded from here, not deleted; called by its name everywhere.
  await expect(row(page, 'llama2:7b').getByRole('button', { name: 'Delete…' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Load llama2:7b', exact: true }).click();
  await expect(row(page, 'llama2:7b')).toContainText('Loaded');
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveText(/llama2:7b/);
});

test('verifying reads all bytes, says what came of it, and finds a byte that changed', async ({ launch }) => {
  const env = scripted(launch.home);
  const path = join(launch.home, 'models', 'Vicuna-7B.gguf');
  copyFileSync(join(launch.home, 'models', 'Scripted-7B.gguf'), path);
  const { page } = await launch.open(env);
  await openModels(page);
  // The same bytes: listed once, with both places.
  await expect(list(page).getByRole('listitem')).toHaveCount(1);
  await expect(list(page)).toContainText('Also at another place');
  model(path, 1);
  await row(page, 'Vicuna-7B').getByRole('button', { name: 'Verify' }).click();
  await expect(notices(page, 'Its SHA-256 was taken')).toBeVisible();
  await row(page, 'Vicuna-7B').getByRole('button', { name: 'Verify again' }).click();
  await expect(notices(page, 'Vicuna-7B is as it should be: every byte was read.')).toBeVisible();
  truncateSync(path, 60_000);
  await row(page, 'Vicuna-7B')
    .getByRole('button', { name: /^Verify/ })
    .click();
  await expect(notices(page, 'This model file is incomplete')).toBeVisible();
});

test('a model is deleted with all its parts to the trash, after asking with its size', async ({ launch }) => {
  const parts = splitModel(2).map(({ name, bytes }) => {
    const path = join(launch.home, 'models', `Koala-7B${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  });
  // The command that Electron asks on Linux, with a trash that the test can look into.
  const bin = join(launch.home, 'bin');
  const trash = join(launch.home, 'trash');
  mkdirSync(bin);
  mkdirSync(trash);
  writeFileSync(join(bin, 'trash-put'), `#!/bin/sh\nfor f; do :; done\nexec mv "$f" "${trash}"\n`);
  chmodSync(join(bin, 'trash-put'), 0o755);
  const env = { PATH: `${bin}:${process.env['PATH']}`, ELECTRON_TRASH: 'trash-cli' };
  const { app, page } = await launch.open({ ...scripted(launch.home), ...env });
  await openModels(page);
  await page.getByRole('button', { name: 'Load Koala-7B' }).click();
  await expect(row(page, 'Koala-7B')).toContainText('Loaded');
  await expect(row(page, 'Koala-7B')).toContainText('2 parts');

  await answerDialogs(app, [], ['Cancel', 'Move to the trash']);
  await row(page, 'Koala-7B').getByRole('button', { name: 'Delete…' }).click();
  await expect.poll(() => asked(app)).toHaveLength(1);
  expect((await asked(app))[0]).toMatch(
    /^Move Koala-7B to the trash\? 0\.00 GB: 2 files like Koala-7B-00001-of-00002\.gguf/,
  );
  await expect(row(page, 'Koala-7B')).toContainText('Loaded');
  await row(page, 'Koala-7B').getByRole('button', { name: 'Delete…' }).click();
  await expect(
    notices(page, 'Koala-7B is in the trash. To have it again, put it back from there.'),
  ).toBeVisible();
  await expect(row(page, 'Koala-7B')).toHaveCount(0);
  expect(parts.map((path) => existsSync(path))).toEqual([false, false]);
  // Put back, it is there again.
  for (const path of parts) copyFileSync(join(trash, path.split('/').at(-1)!), path);
  await expect(row(page, 'Koala-7B')).toBeVisible();
});

test('where there is no trash, deleting for good needs a yes of its own', async ({ launch }) => {
  const path = model(join(launch.home, 'models', 'Koala-7B.gguf'), 1);
  const { app, page } = await launch.open({
    ...scripted(launch.home),
    ELECTRON_TRASH: 'trash-cli',
    PATH: '/nowhere',
  });
  await openModels(page);
  await answerDialogs(app, [], ['Move to the trash', 'Cancel']);
  await row(page, 'Koala-7B').getByRole('button', { name: 'Delete…' }).click();
  await expect.poll(() => asked(app)).toHaveLength(2);
  expect((await asked(app))[1]).toContain('There is no trash for Koala-7B here. Delete it for good?');
  await expect(row(page, 'Koala-7B')).toBeVisible();
  expect(existsSync(path)).toBe(true);
  await answerDialogs(app, [], ['Move to the trash', 'Delete for good']);
  await row(page, 'Koala-7B').getByRole('button', { name: 'Delete…' }).click();
  await expect(notices(page, 'Koala-7B was deleted.')).toBeVisible();
  expect(existsSync(path)).toBe(false);
});

test('hundreds of models: filter, order, keys, and a picker that leads with the last ones', async ({
  launch,
}) => {
  for (let index = 0; index < 300; index++)
    model(
      join(launch.home, 'models', `sizes-${index % 7}`, `Model-${String(index).padStart(3, '0')}.gguf`),
      index + 1,
    );
  const { page } = await launch.open(scripted(launch.home));
  await openModels(page);
  await expect(page.getByText('301 models', { exact: true })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Model', exact: true })).toHaveValue(/Scripted-7B/);
  await expect(page.getByText(/^Loading/)).toHaveCount(0);
  const filter = page.getByRole('searchbox', { name: 'Filter models' });
  await filter.fill('sizes-3 model-01');
  await expect(page.getByText('2 of 301 models')).toBeVisible();
  await filter.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'Load Model-010' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'Load Model-017' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row(page, 'Model-017')).toContainText('Loaded');
  await filter.press('Escape');
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Size');
  await expect(list(page).getByRole('listitem').first()).toContainText('Model-299');
  const used = page
    .getByRole('combobox', { name: 'Model', exact: true })
    .locator('optgroup[label="Used last"]');
  await expect(used.locator('option').first()).toHaveText('Model-017');
  await expect(used.locator('option')).toHaveCount(2);
});

for (const theme of ['light', 'dark'] as const) {
  test(`the page is readable and whole in the ${theme} theme, also in a small window`, async ({ launch }) => {
    model(join(launch.home, 'models', 'Vicuna-13B.Q4_K_M.gguf'), 1);
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
      model(join(launch.home, 'models', `${name}.gguf`), index + 2);
    truncateSync(join(launch.home, 'models', 'd.gguf'), 50_000);
    const { app, page } = await launch.open(scripted(launch.home));
    await page.emulateMedia({ colorScheme: theme });
    await openModels(page);
    await row(page, 'a').getByRole('button', { name: 'Verify' }).click();
    await expect(row(page, 'a').getByRole('button', { name: 'Verify again' })).toBeVisible();
    await page.getByRole('button', { name: 'Look for them' }).click();
    await expect(page.getByRole('button', { name: 'Look again' })).toBeVisible();
    for (const section of ['On this machine', 'Storage']) {
      await page.getByRole('tab', { name: section }).click();
      expect(await violations(page), section).toEqual([]);
    }
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(640, 480));
    await expect.poll(() => page.evaluate('innerWidth')).toBe(640);
    for (const section of ['On this machine', 'Storage']) {
      await page.getByRole('tab', { name: section }).click();
      expect(await page.evaluate('document.querySelector(".page").scrollWidth')).toBeLessThanOrEqual(640);
    }
  });
}

test('the real starter model, verified in the hashing thread, then loaded from an added folder', async ({
  launch,
}) => {
  const folder = join(launch.home, 'elsewhere');
  mkdirSync(folder);
  copyFileSync(starterModel(), join(folder, 'Smol.gguf'));
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await answerDialogs(app, [folder]);
  await openModels(page);
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  await expect(row(page, 'Smol')).toContainText('Loaded', { timeout: 60_000 });
  await row(page, 'Smol').getByRole('button', { name: 'Verify' }).click();
  await expect(notices(page, 'Its SHA-256 was taken')).toBeVisible({ timeout: 60_000 });
});
