/** The local API: turned on by a user, used by the makers' own clients, and closed to web pages; with the window and without. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import type { Page } from '@playwright/test';
import OpenAI from 'openai';
import { expect, starterModel, test } from './fixtures.js';
import { serveModel } from './served-model.js';

const card = (page: Page) => page.getByRole('group', { name: 'Local API' });
const ask = [{ role: 'user' as const, content: 'hello there' }];

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @returns its address and its key */
async function turnOn(page: Page): Promise<{ baseURL: string; apiKey: string }> {
  await page.getByRole('tab', { name: 'Settings' }).click();
  const port = await freePort();
  await card(page).getByLabel('Port').fill(String(port));
  await card(page).getByLabel('Port').press('Enter');
  await card(page).getByLabel('Let other programs use the model').check();
  await expect(card(page)).toContainText(`Listening at http://127.0.0.1:${port}/v1`);
  const shown = card(page).getByText(/^Your key:/);
  await expect(shown).toBeVisible();
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    apiKey: (await shown.innerText()).replace('Your key:', '').trim(),
  };
}

test('other programs chat with the loaded model, are listed, and are shut out again', async ({
  chat: { page },
}) => {
  const { baseURL, apiKey } = await turnOn(page);
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['Scripted-7B']);
  const whole = await client.chat.completions.create({ model: 'any', messages: ask });
  expect(whole.choices[0]?.message.content).toBe('Echo: hello there');
  let streamed = '';
  for await (const chunk of await client.chat.completions.create({
    model: 'any',
    messages: ask,
    stream: true,
  }))
    streamed += chunk.choices[0]?.delta.content ?? '';
  expect(streamed).toBe('Echo: hello there');
  await expect(
    client.chat.completions.create({ model: 'any', messages: ask, temperature: 9 }),
  ).rejects.toThrow('temperature');

  await card(page).getByText('What was asked').click();
  const rows = card(page).getByRole('row');
  await expect(rows).toHaveCount(5);
  await expect(rows.nth(1)).toContainText('temperature: This goes from 0 to 5.');
  await expect(rows.nth(2)).toContainText('POST /v1/chat/completions');

  await card(page).getByRole('button', { name: 'Make a new key' }).click();
  await expect(card(page).getByText(/^Your key:/)).not.toContainText(apiKey);
  await expect(client.models.list()).rejects.toThrow('not the one of this API');
  await card(page).getByLabel('Let other programs use the model').uncheck();
  await expect(card(page)).not.toContainText('Listening');
  await expect(client.models.list()).rejects.toThrow('Connection error');
});

test('a taken port is told, and it is back after a restart with the key as it was', async ({ launch }) => {
  const env = { ALTIPLANO_ENGINE: fileURLToPath(new URL('./scripted-engine.mjs', import.meta.url)) };
  const first = await launch.open(env);
  const { baseURL, apiKey } = await turnOn(first.page);
  await launch.close(first);
  const { page } = await launch.open(env);
  await expect
    .poll(() =>
      fetch(`${baseURL.replace('/v1', '')}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    .toBe(true);
  expect((await fetch(`${baseURL}/models`, { headers: { authorization: `Bearer ${apiKey}` } })).status).toBe(
    200,
  );

  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await expect(card(page)).not.toContainText('Your key');
  await card(page)
    .getByLabel('Port')
    .fill(String((other.address() as AddressInfo).port));
  await card(page).getByLabel('Port').press('Enter');
  await expect(card(page).getByRole('alert')).toContainText('is taken by another program');
  other.close();
});

test('a web page in a real browser window reads nothing, whatever it tries', async ({
  chat: { app, page },
}) => {
  const { baseURL, apiKey } = await turnOn(page);
  const site = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>a page</p>'),
  );
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  const tries = await app.evaluate(
    async ({ BrowserWindow }, { siteUrl, url, key }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { partition: 'stranger' } });
      // The app lets none of its sessions reach a server; a browser does.
      window.webContents.session.webRequest.onBeforeRequest(null);
      await window.loadURL(siteUrl);
      const attempt = (init: string) =>
        window.webContents.executeJavaScript(
          `fetch(${JSON.stringify(url)}, ${init}).then((r) => r.text().then((t) => r.type + ' ' + t), (e) => 'failed ' + e.name)`,
        ) as Promise<string>;
      const results = [
        await attempt('{}'),
        await attempt(`{ headers: { authorization: ${JSON.stringify(`Bearer ${key}`)} } }`),
        await attempt(`{ mode: 'no-cors' }`),
      ];
      window.destroy();
      return results;
    },
    { siteUrl: `http://127.0.0.1:${port}/`, url: `${baseURL}/models`, key: apiKey },
  );
  site.close();
  expect(tries).toEqual(['failed TypeError', 'failed TypeError', 'opaque ']);
});

test('the probabilities of the real model come with its tokens', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: starterModel() });
  const client = new OpenAI({ ...(await turnOn(page)), maxRetries: 0 });
  const asked = {
    model: 'any',
    messages: ask,
    temperature: 0,
    max_tokens: 6,
    logprobs: true,
    top_logprobs: 2,
  };
  const whole = await client.chat.completions.create(asked);
  const tokens = whole.choices[0]?.logprobs?.content ?? [];
  expect(tokens.map(({ token }) => token).join('')).toBe(whole.choices[0]?.message.content);
  expect(
    tokens.every(({ logprob, top_logprobs: [first] }) => logprob <= (first?.logprob ?? 1) && logprob <= 0),
  ).toBe(true);
  const streamed = [];
  for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true }))
    streamed.push(...(choices[0]?.logprobs?.content ?? []));
  expect(streamed.map(({ token }) => token)).toEqual(tokens.map(({ token }) => token));
});

test('without a window: both clients, vectors and tokens of the real model', async () => {
  test.setTimeout(120_000);
  const { baseURL, apiKey, stop } = await serveModel();
  try {
    const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
    const create = {
      model: 'any',
      messages: [{ role: 'user' as const, content: 'Say one word.' }],
      temperature: 0,
    };
    const { choices, usage } = await client.chat.completions.create({ ...create, max_completion_tokens: 8 });
    expect(choices[0]?.message.content?.trim()).not.toBe('');
    expect(usage?.completion_tokens).toBeLessThanOrEqual(8);
    const json = await client.chat.completions.create({
      ...{ ...create, max_completion_tokens: 200 },
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { enum: ['red', 'blue'] } } },
    });
    expect(['"red"', '"blue"']).toContain(json.choices[0]?.message.content);
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          parameters: {
            type: 'object',
            properties: { city: { enum: ['Cusco', 'Puno'] } },
            required: ['city'],
          },
        },
      },
    ];
    const called = await client.chat.completions.create({ ...create, tools, tool_choice: 'required' });
    expect(called.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'weather' } });

    const anthropic = new Anthropic({ baseURL: baseURL.replace('/v1', ''), apiKey, maxRetries: 0 });
    const stream = anthropic.messages.stream({ model: 'any', max_tokens: 8, messages: create.messages });
    expect((await stream.finalMessage()).usage.output_tokens).toBeGreaterThan(0);

    const { data } = await client.embeddings.create({
      model: 'any',
      input: ['llamas', 'llamas', 'a wholly other thing'],
    });
    const [a, b, c] = data.map(({ embedding }) => embedding);
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
    expect(dot(a!, b!)).toBeCloseTo(1, 3);
    expect(dot(a!, c!)).toBeLessThan(0.999);

    const post = async (path: string, body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
      const url = baseURL.replace('/v1', path);
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const { tokens } = (await post('/tokenize', { content: 'Llamas hum.' })) as { tokens: number[] };
    expect(tokens.length).toBeGreaterThan(1);
    expect(await post('/detokenize', { tokens })).toEqual({ content: 'Llamas hum.' });
  } finally {
    await stop();
  }
});
