import { expect, test } from 'vitest';
import { fencedParts } from '../../../preload/contract/markdown/fenced.js';
import { beginningOf } from '../../../renderer/lib/long-text.js';

test('a very long text is shown up to the end of a line, one that is hardly longer as a whole', () => {
  const text = 'a line of text\n'.repeat(1000);
  expect(beginningOf(text, 10_000)).toMatch(/text\n$/);
  expect(beginningOf(text, 10_000).length).toBeLessThanOrEqual(10_001);
  expect(beginningOf(text, 14_000)).toBe(text);
  expect(beginningOf('x'.repeat(1_000_000), 100_000)).toHaveLength(100_000);
});

test('fenced code within plain text, every character else as it stands', () => {
  const text = (words: string) => ({ kind: 'text', text: words, language: '' });
  expect(fencedParts('Fix *this*:\n\n```js\nlet  a;\n```\nplease')).toEqual([
    text('Fix *this*:\n'),
    { kind: 'code', text: 'let  a;', language: 'js' },
    text('please'),
  ]);
  expect(fencedParts('no ``` fence')).toEqual([text('no ``` fence')]);
  expect(fencedParts('```\nnever closed')).toEqual([text('```\nnever closed')]);
});
