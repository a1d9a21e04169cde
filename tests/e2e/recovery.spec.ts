/** What the user can do and see when parts of the app or of the machine fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { FileServer } from '../fixtures/file-server.js';
import { plainModel } from '../fixtures/random-llama.js';
import { writeChats } from '../fixtures/chat-database.js';
import { violations } from './axe.js';
import { answerQuestions, ask, asked, expect, placeModel, scripted, test } from './fixtures.js';

/** Who drives the page loses it with a crash: from then on main is asked. */
const pageProcess = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
const inPage = (app: ElectronApplication, script: string): Promise<unknown> =>
  app.evaluate(
    ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code),
    script,
  );
const shownIn = (app: ElectronApplication) => async () =>
  String(await inPage(app, 'document.body.innerText').catch(() => ''));

async function killPage(app: ElectronApplication): Promise<void> {
  const before = await pageProcess(app);
  process.kill(before, 'SIGKILL');
  await expect.poll(async () => ![0, before].includes(await pageProcess(app))).toBe(true);
}

test('a page that crashes is loaded again and says so: the reply goes on, the draft is there; then the user is asked', async ({
  chat: { app, page },
  launch,
}) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('slow 300');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Message' }).fill('half a thought');
  await expect(page.getByRole('article', { name: 'Scripted-7B' })).toContainText('word40');
  await expect.poll(() => ask<unknown[]>(page, 'drafts.list').then(({ length }) => length)).toBe(1);
  await killPage(app);
  await expect.poll(shownIn(app), { timeout: 20_000 }).toContain('The window crashed and was loaded again.');
  expect(await inPage(app, 'document.querySelector("textarea").value')).toBe('half a thought');
  const log = readFileSync(join(launch.home, 'logs', 'altiplano.log'), 'utf8');
  expect(log).toMatch(/^\S+ \[page: \w+ \d+\]\n$/);

  await answerQuestions(app, ['Load it again']);
  await killPage(app);
  await expect.poll(() => asked(app)).toEqual([expect.stringContaining('The window has crashed again.')]);
  await expect.poll(shownIn(app), { timeout: 20_000 }).toContain('word300');
});

test('a lost graphics process leaves the window and its page, and is told once', async ({
  chat: { app, page },
}) => {
  const gpuProcess = () =>
    app.evaluate(
      ({ app: electron }) => electron.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0,
    );
  const said = page.getByText('The graphics driver failed, so the window is painted anew.');
  for (const _time of [1, 2]) {
    await expect.poll(gpuProcess).not.toBe(0);
    const before = await gpuProcess();
    process.kill(before, 'SIGKILL');
    await expect.poll(async () => ![0, before].includes(await gpuProcess())).toBe(true);
    await expect(said).toHaveCount(1);
  }
  await page.getByRole('textbox', { name: 'Message' }).fill('still here?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('Echo: still here?');
});

test('an engine that loses the graphics card: the text is kept, and from the second time on less goes there', async ({
  launch,
}) => {
  const path = placeModel(launch.home, 'on-gpu.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  const reply = page.getByRole('article', { name: 'on-gpu' });
  for (const note of [null, 'Loaded with only 1 layer on the GPU: the engine crashed.']) {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.getByRole('textbox', { name: 'Message' }).fill('slow 100, lose the GPU now');
    await page.keyboard.press('Enter');
    await expect(reply.getByRole('alert')).toContainText('The graphics card stopped answering');
    await expect(reply).toContainText('word1');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.getByRole('textbox', { name: 'Message' }).fill('hello again');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('log')).toContainText('Echo: hello again');
    if (note === null) await expect(page.getByRole('note')).toHaveCount(0);
    else await expect(page.getByRole('note')).toContainText(note);
  }
});

test('an engine that the system kills for its memory: what to do is said, while it loads and while it writes', async ({
  launch,
}) => {
  const path = placeModel(launch.home, 'killed-on-load.gguf');
  const { page } = await launch.open({ ...scripted(launch.home), ALTIPLANO_STARTER_MODEL: path });
  await expect(page.getByRole('alert')).toContainText(
    'The system ended the engine while it loaded this model, as it does when memory runs out.',
  );
  await expect(page.getByRole('alert')).toContainText('Close other programs');
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Scripted-7B' });
  await page.getByRole('textbox', { name: 'Message' }).fill('slow 100, be killed now');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await expect(reply.getByRole('alert')).toContainText('as it does when memory runs out');
  await expect(reply).toContainText('word1');
});

test('a report holds nothing private, and a crash drill proves the disk', async ({ launch }) => {
  // Ten processes start one after the other, and the machine may have other work.
  test.setTimeout(180_000);
  writeChats(join(launch.home, 'altiplano.db'), 2, 4, 'CANARY ');
  const { page } = await launch.open(scripted(launch.home));
  await page.getByRole('tab', { name: 'Settings' }).click();
  const section = page.getByRole('group', { name: 'When something goes wrong' });
  await section.getByRole('button', { name: 'Show the report' }).click();
  const report = section.getByRole('region', { name: 'Report' });
  await expect(report).toContainText('Altiplano 0.1.0, Electron');
  await expect(report).toContainText('No failures in the log.');
  for (const secret of ['CANARY', launch.home, 'Scripted-7B']) await expect(report).not.toContainText(secret);
  await expect(section.getByRole('button', { name: 'Copy report' })).toBeVisible();

  await section.getByRole('button', { name: 'Start the crash drill' }).click();
  await expect(section.getByRole('progressbar', { name: 'Crash drill' })).toBeVisible();
  await expect(section.getByRole('status')).toContainText(
    /Killed 10 times while it wrote into a copy of your 2 chats: the file was sound each time, and all of the [\d,]+ messages/,
    { timeout: 120_000 },
  );
  expect(await violations(page)).toEqual([]);
});

test('the machine sleeps and wakes: a reply goes on, and a download tries again at once', async ({
  chat: { app, page },
}) => {
  const server = await new FileServer().start();
  const url = server.put('Llama.gguf', plainModel);
  server.behave = () => ({ status: 503, headers: { 'retry-after': '600' } });
  const file = { url, fileName: 'Llama.gguf', sizeBytes: plainModel.length, sha256: null };
  await ask(page, 'downloads.start', { name: 'Llama', source: 'someone/models@main', files: [file] });
  await expect(page.getByRole('button', { name: 'Downloads: waiting' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).fill('slow 120');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await expect(reply).toContainText('word5');

  // As the system tells it.
  await app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'));
  server.behave = () => undefined;
  await app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
  await expect(page.getByRole('status').filter({ hasText: 'ready to load' })).toBeVisible();
  await expect(reply).toContainText('word119');
  await expect(reply.getByRole('alert')).toHaveCount(0);
  await server.close();
});
