import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rows, type Part } from '../../../renderer/lib/rows.js';

const ids = (length: number, from = 0) => Array.from({ length }, (_, index) => ({ id: `m${from + index}` }));
const make = (length: number) => {
  const rows = new Rows<{ id: string }>(() => 100);
  rows.show(ids(length));
  return rows;
};
const drawn = (parts: readonly Part[]) => parts.flatMap((part) => (part.kind === 'row' ? [part.key] : []));
const gaps = (parts: readonly Part[]) => parts.map((part) => (part.kind === 'gap' ? part.height : 'row'));

test('draws what is in view and the reserve, whatever the length', () => {
  for (const length of [100, 5000]) {
    expect(drawn(make(length).parts({ id: 'm50', offset: 0 }, 500, 200, []))).toEqual(
      ids(10, 48).map(({ id }) => id),
    );
    expect(drawn(make(length).parts('end', 500, 200, [])).at(-1)).toBe(`m${length - 1}`);
  }
});

test('the gaps have the height of what they stand for, measured where it was', () => {
  const rows = make(20);
  rows.measured('m1', 250);
  expect(gaps(rows.parts({ id: 'm10', offset: 0 }, 99, 0, []))).toEqual([1150, 'row', 900]);
  // Another list keeps what was measured: earlier messages came before it.
  rows.show([...ids(2, -2), ...ids(20)]);
  expect(gaps(rows.parts({ id: 'm10', offset: 0 }, 99, 0, []))).toEqual([1350, 'row', 900]);
});

test('what is kept is drawn too, with gaps between', () => {
  const parts = make(100).parts({ id: 'm50', offset: 0 }, 199, 0, [
    ['m3', 'm3'],
    ['m92', 'm90'],
    ['gone', 'gone'],
  ]);
  expect(drawn(parts)).toEqual(['m3', 'm50', 'm51', 'm90', 'm91', 'm92']);
  expect(gaps(parts)).toEqual([300, 'row', 4600, 'row', 'row', 3800, 'row', 'row', 'row', 700]);
});

test('an anchor that has gone shows the end; no rows, no parts', () => {
  expect(drawn(make(30).parts({ id: 'gone', offset: 0 }, 100, 0, [])).at(-1)).toBe('m29');
  expect(make(0).parts('end', 500, 200, [])).toEqual([]);
});

test('rows and gaps together are always as tall as the list', () => {
  const heights = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      heights,
      fc.nat(),
      fc.integer({ min: 1, max: 900 }),
      fc.nat(59),
      (measured, at, view, kept) => {
        const rows = make(measured.length);
        measured.forEach((height, index) => rows.measured(`m${index}`, height));
        const total = measured.reduce((sum, height) => sum + height, 0);
        const id = `m${at % measured.length}`;
        const parts = rows.parts({ id, offset: 0 }, view, 50, [[`m${kept}`, id]]);
        const height = parts.reduce(
          (sum, part) => sum + (part.kind === 'gap' ? part.height : measured[part.index]!),
          0,
        );
        expect(height).toBe(total);
        expect(new Set(parts.map(({ key }) => key)).size).toBe(parts.length);
        expect(drawn(parts)).toContain(id);
      },
    ),
  );
});
