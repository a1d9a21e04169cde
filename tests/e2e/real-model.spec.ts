/** The main job with the real starter model: load it, chat, come back. Leaves the screenshots of the README in out/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, enginePid, expect, starterModel, test } from './fixtures.js';

const screenshots = fileURLToPath(new URL('../../out/screenshots/', import.meta.url));
const replyName = /SmolLM2|llama/i;

test('a newcomer chats with the starter model, and finds the chat again', async ({ launch }) => {
  // Always the likeliest word, so that the answer does not hang on a seed; on all cores, as a newcomer has it.
  const settings = { sampling: { temperature: 0 }, threads: 0 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify(settings));
  const env = { ALTIPLANO_STARTER_MODEL: starterModel() };
  const first = await launch.open(env);
  const { page } = first;
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  // Writing is possible while the model loads; the reply comes when it is there.
  await page.keyboard.type('What is the capital of France? Answer in one sentence.');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: replyName }).last();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await expect(reply).toContainText('Paris');
  await expect(reply).toContainText(/[\d.]+ tok\/s · first token [\d.]+ s · [\d,]+ of 8,192 context/);

  await page.getByRole('textbox', { name: 'Message' }).fill('Write a Python function that adds two numbers.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('article')).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  // The turns before are in the cache: only the new ones were read.
  const stats = await page.getByRole('article').last().locator('.stats').innerText();
  const [, reused, total] = /reused ([\d,]+) of ([\d,]+) tokens/.exec(stats) ?? [];
  expect(Number(reused?.replace(',', ''))).toBeGreaterThan(Number(total?.replace(',', '')) / 2);

  mkdirSync(screenshots, { recursive: true });
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: `${screenshots}${theme}.png` });
  }
  await launch.close(first);

  const again = await launch.open(env);
  await expect(again.page.getByRole('log')).toContainText('Paris');
});

test('stop answers at once', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await page.getByRole('textbox', { name: 'Message' }).fill('Tell me a very long story about a llama.');
  await page.getByRole('button', { name: 'Send' }).click();
  const reply = page.getByRole('article', { name: replyName });
  await expect(reply).toContainText(/\w+ \w+ \w+/, { timeout: 45_000 });
  await page.keyboard.press('Escape');
  await expect(reply).toContainText('Stopped.');
});

test('kill -9 of the engine, again and again: the app lives, the text stays, the next reply comes', async ({
  launch,
}) => {
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const message = page.getByRole('textbox', { name: 'Message' });
  await expect.poll(() => enginePid(app)).toBeGreaterThan(0);
  // While it loads or is idle: it comes back within two seconds, and loads again when it is needed.
  for (let round = 0; round < 2; round++) {
    const before = await enginePid(app);
    process.kill(before, 'SIGKILL');
    await expect.poll(async () => ![0, before].includes(await enginePid(app)), { timeout: 2000 }).toBe(true);
  }
  await message.fill('Tell me a very long story about a llama.');
  await page.keyboard.press('Enter');
  const reply = page.getByRole('article', { name: replyName }).first();
  await expect(reply.locator('.reply')).toContainText(/(\w+\W+){12}/, { timeout: 45_000 });
  process.kill(await enginePid(app), 'SIGKILL');
  await expect(reply.getByRole('alert')).toContainText('The engine stopped unexpectedly.');
  await message.fill('Say hello.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await expect(page.getByRole('article').last()).toContainText('tok/s');
  await expect(page.getByRole('article').last().getByRole('alert')).toHaveCount(0);
});

test('the page is sealed off: no Node, no foreign windows, no inline script', async ({ launch }) => {
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const globals = await page.evaluate(() =>
    ['require', 'process', 'module'].filter((name) => name in globalThis),
  );
  expect(globals).toEqual([]);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const { contextIsolation, sandbox, nodeIntegration, webSecurity } = (
      window!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
    return { contextIsolation, sandbox, nodeIntegration, webSecurity };
  });
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  const outside = await app.evaluate(async ({ net }) => {
    const answer = await net.fetch('app://bundle/..%2f..%2fpackage.json');
    return answer.status;
  });
  expect(outside).toBe(404);
});

test('a full context: told before sending, dimmed, decided by the chat; the reply is right', async ({
  launch,
}) => {
  const sampling = { temperature: 0, max_new_tokens: 24 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ contextSize: 512, sampling }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const message = page.getByRole('textbox', { name: 'Message' });
  const leftOut = page.getByRole('article').filter({ hasText: 'Left out: the context is full' });
  const policy = async (name: string) => {
    await page.getByRole('button', { name: /^Prompt/ }).click();
    await page.getByRole('radio', { name, exact: true }).check();
    await page.keyboard.press('Escape');
  };
  const talk = (animal: string) =>
    `Remember that the ${animal} is quiet. ${`A ${animal} eats grass. `.repeat(20)}`;
  for (const [index, animal] of ['llama', 'horse', 'sheep'].entries()) {
    await message.fill(talk(animal));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article')).toHaveCount(2 * (index + 1));
    await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  }
  const question = 'What is the capital of France? Answer in one sentence.';
  await message.fill(question);
  await expect(page.getByText('2 older messages will be left out.')).toBeVisible();
  await expect(leftOut).toHaveCount(2);
  await expect(leftOut.first()).toContainText('Remember that the llama is quiet.');

  await policy('Do not send, and tell me');
  await expect(page.getByText(/This conversation is [\d,]+ tokens too long for the context\./)).toBeVisible();
  await message.focus();
  await page.keyboard.press('Enter');
  await expect(message).toHaveValue(question);
  await expect(page.getByRole('article')).toHaveCount(6);

  await policy('Leave out the oldest turns, but keep pinned ones');
  await leftOut.first().getByRole('button', { name: 'Pin' }).click();
  await expect(leftOut.first()).toContainText('Remember that the horse is quiet.');
  const told = /^\d+ older messages/.exec(
    await page.getByText('older messages will be left out.').innerText(),
  )?.[0];
  await message.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(8);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  const reply = page.getByRole('article').last();
  await expect(reply).toContainText(`${told} did not fit in the context and were not sent.`);
  await expect(reply).toContainText('Paris');
});

test('a reply that fills the context goes on without the oldest turns', async ({ launch }) => {
  // A small model would end too soon, and one that writes for so long may repeat itself.
  const settings = {
    contextSize: 512,
    sampling: { temperature: 0, max_new_tokens: 20 },
    guardReplies: false,
  };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify(settings));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const message = page.getByRole('textbox', { name: 'Message' });
  const noise = 'The grass is green. '.repeat(45);
  await message.fill(`${noise} What is the capital of France? Answer in one sentence.`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await ask(page, 'settings.set', { sampling: { temperature: 0, ban_eos_token: true } });
  await message.fill('Tell me a very long story about a llama.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(4);
  const reply = page.getByRole('article').last();
  await expect(reply).toContainText('Continue goes on without the oldest turns', { timeout: 45_000 });
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(reply).toContainText('2 older messages did not fit in the context', { timeout: 45_000 });
});

test('a reply goes on from the words given to it', async ({ launch }) => {
  const sampling = { temperature: 0, max_new_tokens: 40 };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ sampling }));
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  await page.getByRole('button', { name: 'Start reply with…' }).click();
  await page.getByRole('textbox', { name: 'Start reply with' }).fill('Its capital is the city of');
  await page.getByRole('textbox', { name: 'Message' }).fill('What is the capital of France?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled({ timeout: 45_000 });
  await expect(page.getByRole('article', { name: replyName }).locator('.reply')).toHaveText(
    /^\s*Its capital is the city of Paris/,
  );
});
