/** Files that the system opens with the app. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesAmong, OpenFiles } from '../../../../main/app/open-files.js';

test('of the arguments of a start, the files of chats', () => {
  const args = [
    '.',
    '--no-sandbox',
    '--file=x.json',
    'a.json',
    '/b/c.CHAT',
    'notes.txt',
    'llama.gguf',
    'd.jsonl',
    'e.altiplano-backup',
  ];
  expect(filesAmong(args, '/home')).toEqual([
    '/home/a.json',
    '/b/c.CHAT',
    '/home/d.jsonl',
    '/home/e.altiplano-backup',
  ]);
});

type Association = { readonly ext: string | readonly string[] };
type Config = { readonly fileAssociations?: readonly Association[] };

test.each(['linux', 'mac', 'win'] as const)(
  'what packages for %s are associated with is opened',
  (system) => {
    const config = parse(readFileSync('electron-builder.yml', 'utf8')) as Config &
      Record<typeof system, Config>;
    const endings = [...(config.fileAssociations ?? []), ...(config[system].fileAssociations ?? [])].flatMap(
      ({ ext }) => ext,
    );
    // JSON belongs to others too, and Windows would take it from them.
    const shared = system === 'win' ? [] : ['json', 'jsonl'];
    expect(endings.sort()).toEqual(['altiplano-backup', 'chat', ...shared]);
    const names = endings.map((ending) => `/a.${ending}`);
    expect(filesAmong(names, '/')).toEqual(names);
  },
);

test('they wait until the page can be asked, and none is not asked about', () => {
  const asked: (readonly string[])[] = [];
  const files = new OpenFiles((paths) => asked.push(paths));
  files.open(['/a.json']);
  files.open([]);
  files.open(['/b.json']);
  expect(asked).toEqual([]);
  files.start();
  files.open([]);
  files.open(['/c.json']);
  files.start();
  expect(asked).toEqual([['/a.json', '/b.json'], ['/c.json']]);
});
