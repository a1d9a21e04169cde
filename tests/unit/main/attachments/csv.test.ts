import { expect, test } from 'vitest';
import { tableShape } from '../../../../main/attachments/csv.js';

test.each([
  ['a,b,c\n1,2,3\n', { rows: 2, columns: 3, delimiter: ',' }],
  ['a;b\n1,5;2,5\n3,5;4,5', { rows: 3, columns: 2, delimiter: ';' }],
  ['a\tb\n1\t2', { rows: 2, columns: 2, delimiter: '\t' }],
  ['a|b\n1|2', { rows: 2, columns: 2, delimiter: '|' }],
  ['name,text\n1,"two, and\nthree ""quoted"" words"\n2,x\n', { rows: 3, columns: 2, delimiter: ',' }],
  ['size,name\n5" screen,a\n6"" screen,b\n7,c', { rows: 4, columns: 2, delimiter: ',' }],
  ['only\none\ncolumn', { rows: 3, columns: 1, delimiter: ',' }],
  ['a,b\n\n\n1,2\n\n', { rows: 2, columns: 2, delimiter: ',' }],
])('%j', (text, shape) => {
  expect(tableShape(text)).toEqual(shape);
});

test('all rows of a long table are counted', () => {
  expect(tableShape('a,b\n' + '1,2\n'.repeat(100_000))).toMatchObject({ rows: 100_001, columns: 2 });
});
