import { describe, expect, test } from 'vitest';
import { diff } from '../../../renderer/lib/diff.js';

/** What both sides were, read off the stretches. */
function rebuilt(before: string, after: string, mostEdits?: number) {
  const stretches = diff([...before], [...after], mostEdits);
  const side = (kinds: readonly string[]) =>
    stretches
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, from, length }) => (kind === 'gone' ? before : after).slice(from, from + length))
      .join('');
  return { before: side(['same', 'gone']), after: side(['same', 'new']), stretches };
}

describe.each([
  ['', ''],
  ['abc', 'abc'],
  ['', 'abc'],
  ['abc', ''],
  ['abcabba', 'cbabac'],
  ['system one two', 'system two three'],
  ['xaxbxcx', 'abc'],
])('%j → %j', (before, after) => {
  test.each([undefined, 1])('gives both sides back (at most %s edits)', (mostEdits) => {
    expect(rebuilt(before, after, mostEdits)).toMatchObject({ before, after });
  });
});

test('finds the fewest edits', () => {
  const edits = rebuilt('abcabba', 'cbabac').stretches.filter(({ kind }) => kind !== 'same');
  expect(edits.reduce((sum, { length }) => sum + length, 0)).toBe(5);
});

test('an oldest turn that left shows as gone, the rest as the same', () => {
  expect(rebuilt('S aa bb cc', 'S bb cc dd').stretches).toEqual([
    { kind: 'same', from: 0, length: 2 },
    { kind: 'gone', from: 2, length: 3 },
    { kind: 'same', from: 2, length: 5 },
    { kind: 'new', from: 7, length: 3 },
  ]);
});
