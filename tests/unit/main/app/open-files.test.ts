/** Files that the system opens with the app. */
import { expect, test } from 'vitest';
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
  ];
  expect(filesAmong(args, '/home')).toEqual(['/home/a.json', '/b/c.CHAT', '/home/d.jsonl']);
});

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
