/** Keys of connections with a keychain and without one. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectionKeys } from '../../../../main/remote/keys.js';

const turned = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ 255));
const credential = (token: string) => ({ origin: 'http://pc:8080', token });
let home: string;
let file: string;
let problem: string | null;
const open = () =>
  new ConnectionKeys({
    file,
    keychain: {
      problem: () => problem,
      encrypt: (text) => turned(Buffer.from(text)),
      decrypt: (bytes) => turned(bytes).toString(),
    },
  });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'altiplano-keys-'));
  [file, problem] = [join(home, 'keys'), null];
});
afterEach(() => rm(home, { recursive: true }));

test('are kept encrypted, each for itself, also when they come at once', async () => {
  const keys = open();
  await Promise.all([keys.set('a', credential('one')), keys.set('b', credential('two'))]);
  expect((await readFile(file)).toString()).not.toContain('one');
  expect(await open().credential('a')).toEqual(credential('one'));
  await keys.set('a', null);
  expect(await open().credential('a')).toBeNull();
  expect([await open().state('a'), await open().state('b')]).toEqual(['none', 'kept']);
});

test('without a keychain they are known until the app ends, and never on the disk', async () => {
  problem = 'no keyring is running.';
  const keys = open();
  await keys.set('a', credential('one'));
  expect([await keys.credential('a'), await keys.state('a')]).toEqual([credential('one'), 'session']);
  expect(existsSync(file)).toBe(false);
  expect(await open().credential('a')).toBeNull();
});

test('what another machine encrypted is none', async () => {
  await open().set('a', credential('one'));
  const other = new ConnectionKeys({
    file,
    keychain: {
      problem: () => null,
      encrypt: (text) => Buffer.from(text),
      decrypt: () => {
        throw new Error('not encrypted here');
      },
    },
  });
  expect([await other.credential('a'), await other.state('a')]).toEqual([null, 'none']);
});
