import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery, queryPieces } from '../../../../preload/contract/search-query.js';

const terms = (text: string) =>
  parseQuery(text).terms.map(
    ({ text: term, isExcluded, isOpen }) => `${isExcluded ? '-' : ''}${term}${isOpen ? '…' : ''}`,
  );
const filters = (text: string) =>
  parseQuery(text).filters.map(({ key, value, isExcluded }) => [isExcluded ? `-${key}` : key, value]);

test.each([
  ['llama care', ['llama', 'care…']],
  ['llama care ', ['llama', 'care']],
  ['"exact phrase" -not', ['exact phrase', '-not']],
  ['“curly quotes”', ['curly quotes']],
  ['"still typ', ['still typ…']],
  ['5" pipe', ['5"', 'pipe…']],
  ['-"two words"', ['-two words']],
  // Nothing of this has a meaning of its own.
  ['AND OR NEAR(a b) ^x * a:b', ['AND', 'OR', 'NEAR(a', 'b)', '^x', '*', 'a:b…']],
  ['--flag - ->', ['--flag', '-', '->…']],
  ['', []],
])('the terms of %j', (text, expected) => {
  expect(terms(text)).toEqual(expected);
});

describe('filters', () => {
  test('of each kind, in any case, with quotes, and excluded', () => {
    expect(
      filters(
        'role:user ROLE:Assistant model:"Vicuna 7B" in:work tag:todo character:Quilla is:archived -model:tiny',
      ),
    ).toEqual([
      ['role', 'user'],
      ['role', 'assistant'],
      ['model', 'vicuna 7b'],
      ['in', 'work'],
      ['tag', 'todo'],
      ['character', 'quilla'],
      ['is', 'archived'],
      ['-model', 'tiny'],
    ]);
  });

  test('times are the beginning of a day, a month or a year', () => {
    expect(filters('after:2024 before:2024-03 after:2024-3-5')).toEqual([
      ['after', new Date(2024, 0, 1).getTime()],
      ['before', new Date(2024, 2, 1).getTime()],
      ['after', new Date(2024, 2, 5).getTime()],
    ]);
  });

  test('a value that is none is text, one that is not typed yet is nothing', () => {
    expect(terms('before:soon after:2024-02-31 role:king is:big')).toEqual([
      'before:soon',
      'after:2024-02-31',
      'role:king',
      'is:big…',
    ]);
    expect(parseQuery('llama model:')).toEqual({
      terms: [{ text: 'llama', isExcluded: false, isOpen: false }],
      filters: [],
    });
  });
});

test('no text fails, and its pieces cover all of it but spaces', () => {
  const typed = fc.stringMatching(/^(?:[-":*^()a-z \\]|role:|is:|in:|after:|\d|“|AND|NEAR)*$/);
  fc.assert(
    fc.property(fc.oneof(typed, fc.string({ unit: 'binary' })), (text) => {
      parseQuery(text);
      let rest = text;
      for (const { start, end } of queryPieces(text).reverse()) rest = rest.slice(0, start) + rest.slice(end);
      expect(rest.trim()).toBe('');
    }),
  );
});
