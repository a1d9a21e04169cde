/** The hub's client against a hub in small, over real HTTP. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HubAccount } from '../../../../../main/models/hub/account.js';
import { Hub } from '../../../../../main/models/hub/hub.js';
import { Http } from '../../../../../main/net/http.js';
import type { HubFound } from '../../../../../preload/contract/hub.js';
import { settingsSchema } from '../../../../../preload/contract/settings.js';
import { openGate } from '../../../../fixtures/gate.js';
import { ggufFile } from '../../../../fixtures/gguf.js';
import { commit, memberToken, startHub, type HubServer } from '../../../../fixtures/hub-server.js';
import { llamaMetadata, llamaTensors, shapes } from '../../../../fixtures/random-llama.js';

/** A model whose vocabulary takes most of its bytes. */
const wide = { ...shapes.tiny, vocabulary: 30_000 };
const model = ggufFile(llamaMetadata(wide), llamaTensors(wide));
const small = ggufFile(llamaMetadata(shapes.tiny), llamaTensors(shapes.tiny));

let server: HubServer;
beforeAll(async () => {
  server = await startHub([
    {
      ...{ id: 'alpaca/Tiny-GGUF', downloads: 900, likes: 9, tags: ['license:apache-2.0'] },
      files: {
        'README.md': Buffer.from('# Tiny'),
        'tiny.Q4_0.gguf': model,
        'tiny.Q2_K.gguf': small,
        'sub/tiny-Q8_0-00001-of-00002.gguf': model,
        'sub/tiny-Q8_0-00002-of-00002.gguf': small,
        '../outside.gguf': small,
      },
    },
    { ...{ id: 'llama/Gated-GGUF', downloads: 500, gated: 'manual' }, files: { 'g.Q4_0.gguf': small } },
    ...['b', 'c', 'd'].map((name, at) => ({ id: `koala/${name}`, downloads: 10 - at, files: {} })),
  ]);
});
afterAll(() => server.close());
beforeEach(() => void (server.trouble = null));

const http = new Http(openGate());
afterAll(() => http.close());
const { signal } = new AbortController();

function client(token?: string, endpoint = server.endpoint) {
  const account = new HubAccount({
    settings: { get: () => settingsSchema.parse({}), set: () => settingsSchema.parse({}) },
    keychain: { problem: () => null, encrypt: Buffer.from, decrypt: String },
    tokenFile: '/nowhere',
    environment: { HF_ENDPOINT: endpoint, ...(token === undefined ? {} : { HF_TOKEN: token }) },
  });
  const hub = new Hub(http, account);
  return {
    find: (text: string, cursor: string | null = null) =>
      hub.find({ text, sort: 'downloads', cursor }, signal),
    sized: (url: string) => hub.sized(url, signal),
  };
}

async function offer(text: string, token?: string) {
  const found = await client(token).find(text);
  if (found.kind !== 'offer') throw new Error('no offer');
  return found;
}

const ids = (found: HubFound) => (found.kind === 'results' ? found.repositories.map(({ id }) => id) : null);

test('searches page by page, most downloaded first', async () => {
  const { find } = client();
  const first = await find('');
  expect(ids(first)).toEqual(['alpaca/Tiny-GGUF', 'llama/Gated-GGUF', 'koala/b']);
  const cursor = first.kind === 'results' ? first.cursor : null;
  const second = await find('', cursor);
  expect(ids(second)).toEqual(['koala/c', 'koala/d']);
  expect(second).toMatchObject({ cursor: null });
  expect(ids(await find('gated'))).toEqual(['llama/Gated-GGUF']);
  expect(first).toMatchObject({
    repositories: [
      { downloads: 900, likes: 9, licence: 'apache-2.0', gated: false, updatedAtMs: 1714979289000 },
      { gated: true, licence: null },
      {},
    ],
  });
});

test('a repository’s models over several pages of files, pinned to its commit, none outside its folder', async () => {
  const { models, pageUrl } = await offer('alpaca/Tiny-GGUF');
  expect(pageUrl).toBe(`${server.endpoint}/alpaca/Tiny-GGUF`);
  expect(models.map(({ name, files }) => [name, files.length])).toEqual([
    ['tiny.Q2_K', 1],
    ['tiny.Q4_0', 1],
    ['tiny-Q8_0', 2],
  ]);
  expect(models[0]!.files[0]).toMatchObject({
    url: `${server.endpoint}/alpaca/Tiny-GGUF/resolve/${commit}/tiny.Q2_K.gguf`,
    fileName: 'tiny.Q2_K.gguf',
    sizeBytes: small.length,
    sha256: expect.stringMatching(/^[\da-f]{64}$/),
  });
});

test('a link to a file is that model alone; one that is not there says so', async () => {
  const { models } = await offer(`${server.endpoint}/alpaca/Tiny-GGUF/blob/main/tiny.Q4_0.gguf`);
  expect(models.map(({ name }) => name)).toEqual(['tiny.Q4_0']);
  await expect(offer(`${server.endpoint}/alpaca/Tiny-GGUF/blob/main/README.md`)).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('a link to a file elsewhere is a model, with the size that its server says', async () => {
  const { url } = (await offer('alpaca/Tiny-GGUF')).models[0]!.files[0]!;
  // As a link of another host: the same server under its other name.
  const elsewhere = url.replace('127.0.0.1', 'localhost');
  const { models, title } = await offer(elsewhere);
  expect(title).toBe('tiny.Q2_K.gguf');
  expect(models).toMatchObject([{ quantization: 'Q2_K', sizeBytes: small.length }]);
  await expect(offer('https://example.org/page.html')).rejects.toMatchObject({ code: 'bad-input' });
});

test('how large a model is, from one range of its first bytes', async () => {
  const { url } = (await offer('alpaca/Tiny-GGUF')).models[1]!.files[0]!;
  const before = server.requests.length;
  const { shape, weightsBytes } = await client().sized(url);
  expect(weightsBytes).toBe(model.length);
  expect(shape).toMatchObject({
    layers: 2,
    kvHeads: 2,
    headSize: 16,
    vocabulary: 30_000,
    trainedContext: 1024,
  });
  const ranges = server.requests.slice(before).filter(({ host }) => host === 'storage');
  expect(ranges.map(({ range }) => range)).toEqual(['bytes=0-65535']);
});

test('the token is told the hub, and not the host that it redirects to', async () => {
  const { files } = (await offer('llama/Gated-GGUF', memberToken)).models[0]!;
  const before = server.requests.length;
  await client(memberToken).sized(files[0]!.url);
  expect(server.requests.slice(before).map(({ host, authorization }) => [host, authorization])).toEqual([
    ['hub', `Bearer ${memberToken}`],
    ['storage', undefined],
  ]);
});

test('a gated model says what to do, without a token and with one that may not', async () => {
  const { files } = (await offer('llama/Gated-GGUF')).models[0]!;
  const hint = (token?: string) =>
    client(token)
      .sized(files[0]!.url)
      .catch((error: { hint: string }) => error.hint);
  expect(await hint()).toContain('agree to the terms, then put a token');
  expect(await hint('hf_stranger')).toContain('sign in with the account of your token');
});

test.each([
  [
    'a repository that is not there',
    'alpaca/Nothing',
    'The hub has no repository alpaca/Nothing, or it is private.',
  ],
  ['a revision that is not there', 'alpaca/Tiny-GGUF@old', 'alpaca/Tiny-GGUF has no such revision.'],
])('%s', async (_name, text, message) => {
  await expect(client().find(text)).rejects.toMatchObject({ code: 'server-refused', message });
});

test.each([
  [429, { ratelimit: '"api";r=0;t=42' }, 'Try again in 42 seconds.'],
  [503, {}, 'Try again later.'],
  [401, {}, 'Make a new one on the hub, and put it into the hub’s settings below.'],
])('the hub answers %d', async (status, headers, hint) => {
  server.trouble = (response) => response.writeHead(status, headers).end('trouble');
  await expect(client('hf_old').find('llama')).rejects.toMatchObject({ code: 'server-refused', hint });
});

test('what is no answer of the hub: a page to sign in, another kind of JSON, a redirect in its list of files', async () => {
  for (const text of ['<html>Sign in</html>', '{"error": 1}', '[{"id": 7}]']) {
    server.trouble = (response) => response.end(text);
    await expect(client().find('llama')).rejects.toMatchObject({ hint: expect.stringContaining('mirror') });
  }
});

test('nobody answers', async () => {
  await expect(client(undefined, 'http://127.0.0.1:9').find('llama')).rejects.toMatchObject({
    code: 'network-failed',
  });
});
