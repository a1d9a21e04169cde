import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HubAccount } from '../../../../../main/models/hub/account.js';
import type { Keychain } from '../../../../../main/net/keychain.js';
import { settingsSchema, type Settings } from '../../../../../preload/contract/settings.js';
import hub from '../../../../../resources/catalog/hub.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'hub-account-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Turns each byte around. */
const turning: Keychain = {
  problem: () => null,
  encrypt: (text) => Buffer.from(text).map((byte) => byte ^ 0x55) as Buffer,
  decrypt: (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x55)).toString(),
};

function setUp(environment: Record<string, string> = {}, keychain = turning) {
  let settings = settingsSchema.parse({});
  const tokenFile = join(folder, String(files++));
  const account = new HubAccount({
    settings: {
      get: () => settings,
      set: (values) => (settings = settingsSchema.parse({ ...settings, ...(values as Partial<Settings>) })),
    },
    ...{ keychain, tokenFile, environment },
  });
  return { account, tokenFile, settings: () => settings };
}

test('the setting goes before the environment, and that before the hub’s own address', async () => {
  expect(setUp().account.endpoint()).toBe(hub.endpoint);
  const { account } = setUp({ HF_ENDPOINT: 'https://named.example/' });
  expect(await account.describe()).toMatchObject({
    endpoint: 'https://named.example',
    endpointFrom: 'environment',
  });
  account.setEndpoint(' https://mirror.example/hub/ ');
  expect(await account.describe()).toMatchObject({
    endpoint: 'https://mirror.example/hub',
    endpointFrom: 'setting',
  });
  account.setEndpoint('');
  expect(account.endpoint()).toBe('https://named.example');
  expect(() => account.setEndpoint('file:///etc')).toThrow(/not the address of a mirror/);
});

test('a token is kept encrypted, and told only to the endpoint that it was given for', async () => {
  const { account, tokenFile, settings } = setUp();
  await account.setToken(' hf_secret ');
  expect(readFileSync(tokenFile, 'utf8')).not.toContain('hf_secret');
  expect(JSON.stringify(settings())).not.toContain('hf_secret');
  expect(JSON.stringify(await account.describe())).not.toContain('hf_secret');
  expect(await account.credential()).toEqual({ origin: hub.endpoint, token: 'hf_secret' });
  account.setEndpoint('https://mirror.example');
  expect(await account.credential()).toBeNull();
  expect((await account.describe()).token).toBe('elsewhere');
  account.setEndpoint('');
  await account.setToken(null);
  expect(await account.credential()).toBeNull();
});

test('the environment’s token belongs to the environment’s hub', async () => {
  const { account } = setUp({ HF_TOKEN: 'hf_env' });
  expect(await account.credential()).toEqual({ origin: hub.endpoint, token: 'hf_env' });
  account.setEndpoint('https://mirror.example');
  expect(await account.credential()).toBeNull();
});

test('nothing is told over a connection that others can read', async () => {
  const { account } = setUp({ HF_TOKEN: 'hf_env', HF_ENDPOINT: 'http://mirror.example' });
  expect(await account.credential()).toBeNull();
});

test('without a keychain a token is refused, and nothing is written', async () => {
  const { account, tokenFile } = setUp({}, { ...turning, problem: () => 'no keyring is running.' });
  await expect(account.setToken('hf_secret')).rejects.toMatchObject({
    message: 'The token can’t be kept safely: no keyring is running.',
  });
  expect(() => readFileSync(tokenFile)).toThrow(/ENOENT/);
  expect((await account.describe()).keychainProblem).toBe('no keyring is running.');
});

test('a token that was encrypted elsewhere is no token', async () => {
  const { account, tokenFile } = setUp();
  await account.setToken('hf_secret');
  const other = new HubAccount({
    settings: { get: () => settingsSchema.parse({}), set: () => settingsSchema.parse({}) },
    ...{ tokenFile, environment: {} },
    keychain: {
      ...turning,
      decrypt: () => {
        throw new Error('not mine');
      },
    },
  });
  expect((await other.describe()).token).toBe('none');
});
