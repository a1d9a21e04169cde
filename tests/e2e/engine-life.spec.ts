/** The engine process with the real starter model: killed at any moment, cancelled, short of memory; nothing shown is lost. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Thread } from '../../preload/contract/chats.js';
import type { Run } from '../../preload/contract/index.js';
import type { EngineStatus } from '../../preload/contract/models.js';
import { shapes, writeRandomLlama } from '../fixtures/random-llama.js';
import { ask, enginePid, expect, starterModel, test } from './fixtures.js';

/** Kills the engine as the kernel does, and waits for the next one. */
async function kill(app: ElectronApplication): Promise<void> {
  const before = await enginePid(app);
  expect(before).not.toBe(0);
  process.kill(before, 'SIGKILL');
  await expect
    .poll(async () => ![0, before].includes(await enginePid(app)), { timeout: 2000, intervals: [20] })
    .toBe(true);
}

const status = (page: Page) => ask<EngineStatus>(page, 'models.status');
const isSettled = async (page: Page) => (await status(page)).state !== 'loading';
const load = (page: Page, path: string) =>
  page.evaluate(`void altiplano.request('models.load', ${JSON.stringify({ path })})`);

test('kill -9 of the engine, 100 times in a row', async ({ launch }) => {
  test.setTimeout(400_000);
  // No reply ends by itself before it is killed, however late that is.
  const settings = { contextSize: 2048, sampling: { ban_eos_token: true } };
  writeFileSync(join(launch.home, 'settings.json'), JSON.stringify(settings));
  const path = starterModel();
  const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: path });
  const replies = page.getByRole('article', { name: /SmolLM2|llama/i });
  const message = page.getByRole('textbox', { name: 'Message' });
  let kills = 0;
  const killOne = async () => {
    await kill(app);
    kills++;
    expect(await ask(page, 'chats.list')).toBeInstanceOf(Array);
  };
  await expect.poll(() => isSettled(page)).toBe(true);

  // Idle.
  while (kills < 30) await killOne();

  // Loading: from the first moment to the last. A load that was killed is tried again, and killed again.
  while (kills < 60) {
    await load(page, path);
    await delay((kills - 30) * 20);
    await killOne();
  }
  await expect.poll(() => isSettled(page), { timeout: 20_000 }).toBe(true);

  // Reading the prompt: the chat is told, and free for the next message.
  while (kills < 75) {
    const text = `${kills} ${'Many llamas live in the mountains. '.repeat(150)}`;
    await ask(page, 'models.load', { path });
    const { chatId } = await ask<Run>(page, 'runs.send', { chatId: null, text });
    await delay((kills - 60) * 30);
    await killOne();
    await expect.poll(() => ask<Run[]>(page, 'runs.list'), { timeout: 20_000 }).toEqual([]);
    const { messages } = await ask<Thread>(page, 'chats.open', { chatId });
    expect(messages.at(-1)).toMatchObject({ role: 'assistant' });
    expect(messages.at(-1)?.error).toContain('The engine stopped unexpectedly.');
  }

  // Writing: what was shown is kept and marked. The model comes back by itself.
  while (kills < 100) {
    await page.getByRole('button', { name: 'New chat' }).click();
    await message.fill('Tell me a very long story about a llama.');
    await page.keyboard.press('Enter');
    const reply = replies.first().locator('.reply');
    // More than the word that is shown while it loads and reads.
    await expect(reply).toContainText(new RegExp(`(\\w+\\W+){${3 + (kills % 15)}}`), { timeout: 20_000 });
    const shown = letters(await reply.innerText());
    await killOne();
    await expect(replies.first().getByRole('alert')).toContainText('The engine stopped unexpectedly.');
    expect(letters(await reply.innerText()).startsWith(shown), `${shown} is kept`).toBe(true);
    const saved = (await ask<Thread>(page, 'chats.open', { chatId: await newestChat(page) })).messages.at(-1);
    expect(letters(saved?.text ?? '').startsWith(shown), `${shown} is saved`).toBe(true);
  }

  await message.fill('Say hello.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(4);
  await expect(page.getByRole('article').last()).toContainText('tok/s', { timeout: 45_000 });
  await expect(page.getByRole('article').last().getByRole('alert')).toHaveCount(0);
});

/** What Markdown leaves as it is. */
const letters = (text: string) => text.replaceAll(/[^\p{L}]/gu, '');
const newestChat = async (page: Page) => (await ask<{ id: string }[]>(page, 'chats.list'))[0]!.id;

test('loading moves forward, can be cancelled at any moment, and the last of many choices is loaded', async ({
  launch,
}) => {
  test.setTimeout(120_000);
  const path = starterModel();
  const other = join(launch.home, 'models', 'other.gguf');
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: path });
  await writeRandomLlama(other, shapes.tiny);
  await expect.poll(() => isSettled(page), { timeout: 20_000 }).toBe(true);

  await page.evaluate(
    `globalThis.seen = []; altiplano.onEvent((name, data) => { if (name === 'models.status') seen.push(data); })`,
  );
  await ask(page, 'models.load', { path });
  const seen = await page.evaluate<EngineStatus[]>('seen');
  const progress = seen.flatMap((at) => (at.state === 'loading' ? [at.progress] : []));
  expect(new Set(progress).size).toBeGreaterThan(5);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);

  for (let round = 0; round < 12; round++) {
    await load(page, path);
    await delay(round * 60);
    await ask(page, 'models.cancelLoad');
    await expect.poll(() => isSettled(page), { timeout: 5000 }).toBe(true);
    const { state } = await status(page);
    // It may have been loaded before the cancelling came; nothing in between.
    expect(['idle', 'ready']).toContain(state);
    expect(await ask(page, 'tokens.count', { text: 'a llama' })).toEqual(
      state === 'ready' ? expect.any(Number) : null,
    );
  }

  for (let round = 0; round < 10; round++) await load(page, round % 2 === 0 ? path : other);
  await expect.poll(() => status(page), { timeout: 20_000 }).toMatchObject({ state: 'ready', path: other });
  await ask(page, 'models.load', { path });
  await page.getByRole('textbox', { name: 'Message' }).fill('Say hello.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').last()).toContainText('tok/s', { timeout: 45_000 });
});

// Only Linux can take memory from one process.
if (process.platform === 'linux') {
  test('no memory for the context: a smaller one is loaded, and that is said', async ({ launch }) => {
    const path = starterModel();
    writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ contextSize: 131_072 }));
    const { app, page } = await launch.open({ ALTIPLANO_STARTER_MODEL: path });
    await ask(page, 'models.unload');
    const pid = await enginePid(app);
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[0]);
    // 131,072 tokens need 3.0 GB. Chromium's allocator ends a process that gets no memory, so the engine dies of it.
    const limit = pages * 4096 + 1.5e9;
    expect(spawnSync('/usr/bin/prlimit', ['--pid', `${pid}`, `--as=${limit}`]).status).toBe(0);
    await ask(page, 'models.load', { path });
    await expect(page.getByRole('note')).toContainText(
      'Loaded with a context of 2,048 instead of 131,072: the engine crashed.',
    );
    expect(await enginePid(app)).not.toBe(pid);
    await page.getByRole('textbox', { name: 'Message' }).fill('Say hello.');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article').last()).toContainText('tok/s', { timeout: 45_000 });
  });
}
