/** Looking for newer versions against a real server on loopback: what is proven, what is refused, and when it asks. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Updates, type UpdateOptions } from '../../../../main/app/updates.js';
import { makeGate } from '../../../../main/net/gate.js';
import { Http } from '../../../../main/net/http.js';
import { parseSettings } from '../../../../main/settings/values.js';
import type { OutgoingRequest } from '../../../../preload/contract/network.js';
import type { Release } from '../../../../preload/contract/updates.js';
import type { Settings } from '../../../../preload/contract/settings.js';
import { FileServer } from '../../../fixtures/file-server.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const release = {
  version: '0.10.0',
  date: '2026-12-24',
  page: 'https://altiplano.invalid/0.10.0',
  notes: 'Faster.\n<b>Bold</b>',
  files: [
    { platform: 'linux', name: 'Altiplano.deb', sizeBytes: 5, sha256: 'a'.repeat(64) },
    { platform: 'darwin', name: 'Altiplano.dmg', sizeBytes: 6, sha256: 'b'.repeat(64) },
  ],
};

let server: FileServer;
let http: Http;
let settings: Settings;
let requests: OutgoingRequest[];
let found: Release[];

beforeEach(async () => {
  server = await new FileServer().start();
  settings = parseSettings({});
  [requests, found] = [[], []];
  http = new Http(
    makeGate(
      () => settings.offline,
      async () => null,
      (request) => void requests.push(request),
    ),
  );
});
afterEach(async () => {
  vi.useRealTimers();
  await http.close();
  await server.close();
});

function updates(options: Partial<UpdateOptions> = {}): Updates {
  return new Updates({
    source: {
      feed: `${server.origin}/feed.json`,
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    },
    version: '0.9.0',
    platform: 'linux',
    http,
    settings: {
      get: () => settings,
      set: (values) => (settings = parseSettings({ ...settings, ...values })),
    },
    onChange: () => undefined,
    onFound: (each) => void found.push(each),
    ...options,
  });
}

function publish(feed: unknown, signed = privateKey): void {
  const bytes = Buffer.from(typeof feed === 'string' ? feed : JSON.stringify(feed));
  server.put('feed.json', bytes);
  server.put('feed.json.sig', Buffer.from(`${sign(null, bytes, signed).toString('base64')}\n`));
}

async function looked(asked = updates()) {
  await asked.look('A test');
  return asked.state;
}

test('a newer version comes with its notes as they are and the files for this system', async () => {
  publish(release);
  expect(await looked()).toMatchObject({
    isLooking: false,
    problem: null,
    newer: {
      ...{ version: '0.10.0', date: '2026-12-24', page: release.page, notes: release.notes },
      files: [{ name: 'Altiplano.deb', sizeBytes: 5, sha256: 'a'.repeat(64) }],
    },
  });
});

test('the same version is the newest one, also where more than the number is said of it', async () => {
  publish({ ...release, version: '0.9.0' });
  for (const version of ['0.9.0', '0.9.0-beta.2']) {
    expect(await looked(updates({ version }))).toMatchObject({
      ...{ newer: null, problem: null, lookedAtMs: expect.any(Number) },
    });
  }
});

test('an older version is not offered', async () => {
  publish({ ...release, version: '0.8.99' });
  expect(await looked()).toMatchObject({
    newer: null,
    problem: { message: expect.stringContaining('ends with 0.8.99'), hint: expect.stringContaining('Keep') },
  });
});

test('what another key signed is refused, and so is what was changed after it was signed, or not signed', async () => {
  const unsigned = { message: expect.stringContaining('not signed by the makers'), hint: expect.any(String) };
  publish(release, generateKeyPairSync('ed25519').privateKey);
  expect(await looked()).toMatchObject({ newer: null, problem: unsigned });
  publish(release);
  server.put('feed.json', Buffer.from(JSON.stringify({ ...release, page: 'https://elsewhere.invalid/' })));
  expect(await looked()).toMatchObject({ newer: null, problem: unsigned });
  server.put('feed.json.sig', Buffer.from('no signature'));
  expect(await looked()).toMatchObject({ newer: null, problem: unsigned });
});

test.each([
  ['no JSON', '{"version": '],
  ['a version that is none', { ...release, version: 'newest' }],
  ['a page that is not of the web', { ...release, page: 'file:///etc/passwd' }],
  ['a day that is none', { ...release, date: '2026-02-31' }],
  ['a sum that is none', { ...release, files: [{ ...release.files[0], sha256: 'x' }] }],
])('a signed feed with %s is damaged', async (_, feed) => {
  publish(feed);
  expect(await looked()).toMatchObject({
    newer: null,
    problem: { message: 'The list of versions is damaged.', hint: 'Try again later.' },
  });
});

test('a feed that is too large is not read to its end', async () => {
  publish({ ...release, notes: 'x'.repeat(64 * 1024) });
  expect(await looked()).toMatchObject({
    newer: null,
    problem: { message: expect.stringContaining('more than was asked for'), hint: 'Try again later.' },
  });
});

test('a server without a feed, and none at all, are said', async () => {
  expect(await looked()).toMatchObject({
    problem: { message: expect.stringContaining('no such file (404)'), hint: 'Try again later.' },
  });
  const feed = 'http://127.0.0.1:9/feed.json';
  expect(await looked(updates({ source: { feed, publicKey: '' } }))).toMatchObject({
    problem: { code: 'network-failed', hint: 'Check the network and try again.' },
  });
});

test('a failure takes the place of what was found before, and a success that of a failure', async () => {
  publish(release);
  const asked = updates();
  await asked.look('A test');
  server.behave = () => ({ status: 500 });
  expect(await looked(asked)).toMatchObject({ newer: null, problem: { code: 'server-refused' } });
  server.behave = () => undefined;
  expect(await looked(asked)).toMatchObject({ newer: { version: '0.10.0' }, problem: null });
});

test('each request is told with its purpose, and offline there is none', async () => {
  publish(release);
  await looked();
  expect(new Set(requests.map(({ path, purpose, cause }) => `${path} ${purpose} ${cause}`))).toEqual(
    new Set(['/feed.json look for new versions A test', '/feed.json.sig look for new versions A test']),
  );
  settings = { ...settings, offline: true };
  server.asked.length = 0;
  expect(await looked()).toMatchObject({ problem: { code: 'offline' } });
  expect(server.asked).toEqual([]);
});

test('by itself it asks once a day at most, when it is wanted, after the start, and not offline', async () => {
  publish(release);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-25T08:00Z') });
  const asked = updates();
  const requestsAfter = async (change: Partial<Settings>) => {
    settings = { ...settings, ...change };
    server.asked.length = 0;
    await asked.lookIfDue();
    return server.asked.length;
  };
  expect(await requestsAfter({ lookForUpdates: true })).toBe(0);
  settings = { ...settings, lookForUpdates: false };
  await asked.start();
  expect(server.asked).toEqual([]);
  expect(await requestsAfter({ lookForUpdates: true, offline: true })).toBe(0);
  expect(await requestsAfter({ offline: false })).toBe(2);
  expect(found).toMatchObject([{ version: '0.10.0' }]);
  vi.setSystemTime(Date.parse('2026-12-26T07:59Z'));
  expect(await requestsAfter({})).toBe(0);
  // After a restart too.
  await updates().start();
  expect(server.asked).toEqual([]);
  vi.setSystemTime(Date.parse('2026-12-26T08:00Z'));
  server.behave = () => ({ status: 500 });
  expect(await requestsAfter({})).toBe(1);
  expect(await requestsAfter({})).toBe(0);
  expect(found).toHaveLength(1);
});

test('a build without a feed asks nobody, whatever is set', async () => {
  settings = { ...settings, lookForUpdates: true };
  const without = updates({ source: { feed: null, publicKey: null } });
  await without.start();
  expect(without.state).toMatchObject({ hasFeed: false, problem: null });
  await without.look('A test');
  expect(without.state.problem).toMatchObject({ message: 'This Altiplano does not look for new versions.' });
  expect(requests).toEqual([]);
});
