/** Models on servers, as a user connects to them and chats with them; two instances of the app with each other's model. */
import type { Page } from '@playwright/test';
import { done, finish, ModelServer, words } from '../fixtures/model-server.js';
import { violations } from './axe.js';
import { ask, expect, request, runCommand, test } from './fixtures.js';
import { serveModel } from './served-model.js';

const form = (page: Page) => page.getByRole('form', { name: 'Connect to a server' });
const message = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const lastReply = (page: Page) => page.locator('article.assistant').last();

async function openConnections(page: Page) {
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('tab', { name: 'Connections' }).click();
}

async function connect(page: Page, address: string, key = '') {
  await form(page).getByLabel('Address').fill(address);
  await form(page).getByLabel('Key').fill(key);
  await form(page).getByRole('button', { name: 'Connect' }).click();
}

async function say(page: Page, text: string) {
  await page.getByRole('tab', { name: 'Chat' }).click();
  await message(page).fill(text);
  await message(page).press('Enter');
}

test('a server is tested, connected to and chatted with; what breaks off is kept and gone on with', async ({
  chat: { page },
}) => {
  const server = await new ModelServer('llama.cpp').start();
  server.key = 'sesame';
  await openConnections(page);
  await form(page).getByLabel('Address').fill('http://example.org:8080');
  await expect(form(page).getByRole('note')).toContainText('everybody on the way can read');
  await form(page).getByLabel('Address').fill(server.host);
  await expect(form(page).getByRole('note')).toHaveCount(0);
  await form(page).getByRole('button', { name: 'Test' }).click();
  await expect(form(page).getByRole('alert')).toContainText('does not let you in (401)');
  await form(page).getByLabel('Key').fill('sesame');
  await form(page).getByRole('button', { name: 'Test' }).click();
  await expect(form(page).getByRole('status')).toContainText(
    'llama.cpp b6123 · 1 model · goes on with a text',
  );
  await connect(page, server.host, 'sesame');
  const row = page.getByRole('list', { name: 'Connections' });
  await expect(row).toContainText(server.host);
  expect(await violations(page)).toEqual([]);
  await row.getByRole('button', { name: 'Use SmolLM2-135M-Instruct' }).click();
  await expect(row.getByRole('button', { name: 'Use SmolLM2-135M-Instruct' })).toHaveText('In use');

  server.script = [words('Llamas '), words('hu'), null];
  await say(page, 'What do llamas do?');
  await expect(lastReply(page).getByRole('alert')).toContainText(server.host);
  await expect(lastReply(page)).toContainText('Llamas hu');
  await expect(page.getByText(`Goes to ${server.host}`)).toBeVisible();
  server.script = [words('m.'), finish(), done];
  await lastReply(page).getByRole('button', { name: 'Continue' }).click();
  await expect(lastReply(page)).toContainText('Llamas hum.');
  await expect(lastReply(page).getByRole('alert')).toHaveCount(0);
  expect(server.replies.at(-1)!.body['prompt']).toMatch(/\[assistant\]Llamas hu$/);
  expect(await violations(page)).toEqual([]);

  // What looks into the model says that a server does not show that.
  const inspected = await request(page, 'doctor.inspect', { chatId: null, draft: 'x' });
  expect(inspected).toMatchObject({ ok: false, error: { code: 'needs-local-model' } });
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await expect(page.getByText(`${server.host} does not take this.`).first()).toBeVisible();
  await server.close();
});

test('no server is asked before a message is sent; removing a connection can be taken back', async ({
  launch,
}) => {
  test.setTimeout(90_000);
  const server = await new ModelServer('ollama').start();
  const first = await launch.open();
  await runCommand(first.page, 'connect to a server', 'Connect to a server…');
  await expect(form(first.page).getByLabel('Address')).toBeFocused();
  await connect(first.page, server.address);
  await first.page.getByText('How it is asked').click();
  await first.page.getByLabel('Name').fill('The box below the desk');
  await first.page.getByLabel('Name').press('Enter');
  await expect(first.page.locator('optgroup[label="On The box below the desk"]')).toBeAttached();
  await first.page.getByRole('button', { name: 'Use SmolLM2-135M-Instruct' }).click();
  await expect(first.page.getByText('In use')).toBeVisible();
  await launch.close(first);

  const before = server.asked.length;
  const { page } = await launch.open();
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue(/^remote:/);
  await expect(page.getByText(`What you write goes to ${server.host}`)).toBeVisible();
  await message(page).fill('Not sent yet');
  expect(server.asked).toHaveLength(before);
  await message(page).press('Enter');
  await expect(lastReply(page)).toContainText('Llamas hum.');

  const asked = server.asked.length;
  await ask(page, 'settings.set', { offline: true });
  await say(page, 'Anybody there?');
  await expect(lastReply(page).getByRole('alert')).toContainText('Altiplano is offline');
  expect(server.asked).toHaveLength(asked);
  await ask(page, 'settings.set', { offline: false });

  await openConnections(page);
  await page.getByRole('button', { name: 'Remove The box below the desk' }).click();
  await expect(page.getByRole('list', { name: 'Connections' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('list', { name: 'Connections' })).toContainText('Ollama 0.12.3');
  await runCommand(page, `SmolLM2 at ${server.host}`, 'SmolLM2-135M-Instruct at');
  await expect(page.getByText('In use')).toBeVisible();
  await server.close();
});

test('two instances: one chats with the real model of the other', async ({ launch }) => {
  test.setTimeout(120_000);
  const served = await serveModel();
  try {
    const { page } = await launch.open();
    await ask(page, 'settings.set', { sampling: { max_new_tokens: 12, temperature: 0 } });
    await openConnections(page);
    await connect(page, served.baseURL, served.apiKey);
    await expect(page.getByRole('list', { name: 'Connections' })).toContainText('Altiplano');
    await page.getByRole('button', { name: /^Use SmolLM2/ }).click();
    await expect(page.getByText('In use')).toBeVisible();
    await say(page, 'Say one word.');
    await expect(lastReply(page).getByRole('button', { name: 'Regenerate' })).toBeVisible({
      timeout: 60_000,
    });
    await expect(lastReply(page)).toContainText(/tok\/s/);
    await expect(lastReply(page).getByRole('alert')).toHaveCount(0);
    expect((await lastReply(page).locator('.reply').innerText()).trim()).not.toBe('');
  } finally {
    await served.stop();
  }
});
