/** Where a compiled engine goes; compiling it takes ten minutes and is no unit test. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error -- a script that runs before anything is compiled
import { placeNativeEngine } from '../../../scripts/lib/native-engine.mjs';

let folder: string;
let built: string;
let place: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'));
  built = join(folder, 'built');
  place = join(folder, 'place');
  mkdirSync(join(built, 'Release'), { recursive: true });
  writeFileSync(join(built, 'Release', 'llama-addon.node'), 'new');
});
afterEach(() => rmSync(folder, { recursive: true }));

const finish = () => writeFileSync(join(built, 'buildDone.status'), '');

test('a build that never finished is not used', async () => {
  await placeNativeEngine(built, place);
  expect(existsSync(place)).toBe(false);
});

test('a finished one is, also over a copy that broke off', async () => {
  finish();
  mkdirSync(join(place, 'Release'), { recursive: true });
  writeFileSync(join(place, 'Release', 'llama-addon.node'), 'half');
  await placeNativeEngine(built, place);
  expect(readFileSync(join(place, 'Release', 'llama-addon.node'), 'utf8')).toBe('new');
});

test('what is in place stays', async () => {
  finish();
  await placeNativeEngine(built, place);
  writeFileSync(join(built, 'Release', 'llama-addon.node'), 'newer');
  await placeNativeEngine(built, place);
  expect(readFileSync(join(place, 'Release', 'llama-addon.node'), 'utf8')).toBe('new');
});
