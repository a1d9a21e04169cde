/** Names of exported files. */
import { expect, test } from 'vitest';
import { fileNameOf, UniqueNames } from '../../../../../main/exchange/export/file-names.js';

test.each([
  ['A chat', 'A chat.md'],
  ['a/b\\c: d? "e" <f>|*', 'a b c d e f.md'],
  ['../../etc/passwd', 'etc passwd.md'],
  ['???', 'Untitled.md'],
  ['', 'Untitled.md'],
  ['con', '_con.md'],
  ['שלום 🦙', 'שלום 🦙.md'],
  ['x'.repeat(500), `${'x'.repeat(80)}.md`],
])('%j is %j', (title, name) => expect(fileNameOf(title, 'md')).toBe(name));

test('no name is given twice, whatever its capitals', () => {
  const names = new UniqueNames();
  expect(['A.md', 'a.md', 'A.md', 'b'].map((name) => names.take(name))).toEqual([
    'A.md',
    'a (2).md',
    'A (3).md',
    'b',
  ]);
});
