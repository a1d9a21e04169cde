import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSettings } from '../../../../main/settings/store.js';
import { parseSettings } from '../../../../main/settings/values.js';

const someHome = () => mkdtempSync(join(tmpdir(), 'settings-'));

test('what is saved is there at the next start, with what this version does not know', () => {
  const home = someHome();
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ theme: 'dark', ofLater: { kept: true } }));
  const settings = openSettings(home);
  expect(settings.set({ contextSize: 512 }).theme).toBe('dark');
  settings.setWindowBounds({ x: 1, y: 2, width: 800, height: 600 });
  const again = openSettings(home);
  expect(again.get()).toMatchObject({ theme: 'dark', contextSize: 512 });
  expect(again.windowBounds()).toEqual({ x: 1, y: 2, width: 800, height: 600 });
  expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject({
    ofLater: { kept: true },
  });
  // Nothing half written is left beside it.
  expect(readdirSync(home)).toEqual(['settings.json']);
});

test.each(['{"theme":', '[1, 2]', 'null', ''])('a file that holds %j is kept aside, and said', (text) => {
  const home = someHome();
  writeFileSync(join(home, 'settings.json'), text);
  const settings = openSettings(home);
  expect(settings.problem?.toData().hint).toContain('settings.damaged.json');
  expect(settings.get()).toEqual(parseSettings({}));
  settings.set({ theme: 'light' });
  expect(readFileSync(join(home, 'settings.damaged.json'), 'utf8')).toBe(text);
  expect(openSettings(home).get().theme).toBe('light');
});

test('a change that can’t be saved is an error, and changes nothing', () => {
  const home = someHome();
  const settings = openSettings(home);
  // Nothing can be put in the place of a folder.
  mkdirSync(join(home, 'settings.json', 'in the way'), { recursive: true });
  expect(() => settings.set({ theme: 'dark' })).toThrow();
  expect(settings.get().theme).toBe('system');
  // A window closes all the same.
  expect(() => settings.setWindowBounds({ x: 1, y: 2, width: 800, height: 600 })).not.toThrow();
});

test('a change of nothing writes nothing', () => {
  const home = someHome();
  expect(openSettings(home).set({ theme: undefined }).theme).toBe('system');
  expect(readdirSync(home)).toEqual([]);
});
