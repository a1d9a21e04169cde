/** Signing a release feed: what the script writes is what the app proves. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFeed } from '../../../main/app/release-feed.js';
// @ts-expect-error -- a script that runs before anything is compiled
import { signRelease } from '../../../scripts/lib/release-signature.mjs';

const signFiles = signRelease as (feed: string, key: string) => Promise<string>;
let folder: string;
let feed: string;
let key: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  [feed, key] = [join(folder, 'feed.json'), join(folder, 'key.pem')];
  writeFileSync(
    feed,
    JSON.stringify({
      ...{ version: '1.0.0', date: '2026-12-24', page: 'https://altiplano.invalid/', notes: '', files: [] },
    }),
  );
  writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the app takes it, by the public key that the script names', async () => {
  const publicKey = await signFiles(feed, key);
  const signature = readFileSync(`${feed}.sig`, 'utf8');
  expect(readFeed(readFileSync(feed), signature, publicKey)).toMatchObject({ version: '1.0.0' });
});

test('neither another kind of key nor a broken feed is signed', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const otherKey = join(folder, 'other.pem');
  writeFileSync(otherKey, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await expect(signFiles(feed, otherKey)).rejects.toThrow('no Ed25519 key');
  writeFileSync(feed, '{');
  await expect(signFiles(feed, key)).rejects.toThrow('not JSON');
  expect(existsSync(`${feed}.sig`)).toBe(false);
});
