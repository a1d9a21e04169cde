/** Ending the app while replies are written: it asks, and whatever the answer is, what was shown is kept. */
import type { ElectronApplication, Page } from '@playwright/test';
import { violations } from './axe.js';
import { answerQuestions, ask, asked, expect, scripted, test } from './fixtures.js';

const reply = (page: Page) => page.getByRole('article', { name: 'Scripted-7B' });
const note = (page: Page) => page.getByText('Altiplano quits when the replies are written.');
const closeWindow = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
const quit = (app: ElectronApplication) => app.evaluate(({ app: electron }) => electron.quit());
/** Resolves when the app is gone. */
const end = (app: ElectronApplication) =>
  new Promise<void>((resolve) => app.process().once('exit', () => resolve()));

async function write(page: Page, words: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(words);
  await page.keyboard.press('Enter');
  await expect(reply(page)).toContainText('word3');
}

test('closing the window asks; the app may stay, wait for the replies, or think again', async ({
  launch,
}) => {
  const { app, page } = await launch.open(scripted(launch.home));
  await write(page, 'slow 200');
  await answerQuestions(app, ['Cancel', 'Quit when written', 'Cancel', 'Quit when written']);
  await closeWindow(app);
  await expect.poll(() => asked(app)).toHaveLength(1);
  await expect(note(page)).toBeHidden();

  await closeWindow(app);
  await expect(note(page)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep it open' }).click();
  await expect(note(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();

  // Two replies: one is written, one waits for its turn. The question tells of both, however the app is ended.
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await write(page, 'slow 100');
  await ask(page, 'runs.send', { chatId: null, text: 'the other one' });
  await quit(app);
  await expect.poll(async () => (await asked(app)).at(-1)).toContain('2 replies are being written or wait.');
  const ended = end(app);
  await quit(app);
  await ended;

  const again = await launch.open(scripted(launch.home));
  await expect(reply(again.page)).toContainText('Echo: the other one');
  await again.page.getByRole('list', { name: 'Chats' }).getByText('slow 100').click();
  await expect(reply(again.page)).toContainText('word100');
});

test('stopping keeps all that was shown; the system ends the app without a question', async ({ launch }) => {
  const ways = {
    'a choice': async (app: ElectronApplication) => {
      await answerQuestions(app, ['Stop and quit']);
      await closeWindow(app);
    },
    SIGTERM: async (app: ElectronApplication) => void app.process().kill('SIGTERM'),
  };
  for (const [way, leave] of Object.entries(ways)) {
    const { app, page } = await launch.open(scripted(launch.home));
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await write(page, `slow 400 by ${way}`);
    const shown = Number(/.*word(\d+)/s.exec(await reply(page).innerText())?.[1]);
    const ended = end(app);
    await leave(app);
    await ended;
    const again = await launch.open(scripted(launch.home));
    await expect(reply(again.page), way).toContainText(`word${shown}`);
    await expect(reply(again.page), way).toContainText('Stopped.');
    await launch.close(again);
  }
});
