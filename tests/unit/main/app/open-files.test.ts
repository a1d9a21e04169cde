/** Files that the system opens with the app. */
import { expect, test } from 'vitest';
import { filesAmong, OpenFiles } from '../../../../main/app/open-files.js';

test('of the arguments of a start, the files of chats, models and backups', () => {
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
    '/home/llama.gguf',
    '/home/d.jsonl',
    '/home/e.altiplano-backup',
  ]);
});

test('they wait until the page can be asked, and none is not asked about', () => {
  const asked: (readonly string[])[] = [];
  const files = new OpenFiles({
    chats: (paths) => asked.push(paths),
    models: (paths) => asked.push(['models', ...paths]),
    backups: (paths) => asked.push(['backups', ...paths]),
  });
  files.open(['/a.json']);
  files.open([]);
  files.open(['/b.json', '/llama.gguf']);
  expect(asked).toEqual([]);
  files.start();
  files.open([]);
  files.open(['/c.json']);
  files.open(['/d.altiplano-backup']);
  expect(asked).toEqual([
    ['models', '/llama.gguf'],
    ['/a.json', '/b.json'],
    ['/c.json'],
    ['backups', '/d.altiplano-backup'],
  ]);
});
