import { expect, test } from 'vitest';
import type { CatalogueEntry } from '../../../preload/contract/catalogue.js';
import {
  beginnersChoice,
  dateLabel,
  fileHere,
  firstChoice,
  matches,
  noFilters,
  parametersLabel,
} from '../../../renderer/lib/catalogue.js';

type Verdict = 'fits' | 'tight' | 'no';
const file = (quantization: string, sizeBytes: number, verdict: Verdict, path: string | null = null) => ({
  ...{ fileName: `m.${quantization}.gguf`, quantization, sizeBytes, path },
  fit: { verdict },
});
const entry = (verdict: Verdict, files: readonly ReturnType<typeof file>[] = []) =>
  ({
    ...{ family: 'Vicuna', parameters: 13_015_864_320, usual: { fit: { verdict } } },
    repositories: [{ files }],
  }) as unknown as CatalogueEntry;

test('filters take family, size and fit together', () => {
  const tight = entry('tight');
  expect(matches(tight, noFilters)).toBe(true);
  expect(matches(tight, { family: 'Vicuna', size: '13B', fit: 'loads' })).toBe(true);
  expect(matches(tight, { family: 'Koala', size: '13B', fit: 'loads' })).toBe(false);
  expect(matches(tight, { family: 'Vicuna', size: '7B', fit: 'loads' })).toBe(false);
  expect(matches(tight, { family: 'Vicuna', size: '13B', fit: 'fits' })).toBe(false);
  expect(matches(entry('no'), { ...noFilters, fit: 'loads' })).toBe(false);
});

test('the file to begin with is the usual one, else the largest that loads', () => {
  const small = file('Q2_K', 2, 'fits');
  const large = file('Q8_0', 8, 'tight');
  const usual = file('Q4_K_M', 4, 'fits');
  expect(firstChoice(entry('fits', [small, usual, large]))).toEqual(usual);
  expect(firstChoice(entry('fits', [small, large, { ...usual, fit: { verdict: 'no' } }]))).toEqual(large);
  expect(firstChoice(entry('no', [{ ...usual, fit: { verdict: 'no' } }]))).toBeNull();
});

test('a file that is here is found', () => {
  const here = file('Q8_0', 8, 'no', '/m.gguf');
  expect(fileHere(entry('no', [file('Q4_0', 4, 'no'), here]))).toEqual(here);
  expect(fileHere(entry('no', [file('Q4_0', 4, 'no')]))).toBeNull();
});

test('sizes and dates are said in words', () => {
  expect([134_515_008, 1_100_048_384, 65_285_660_672].map(parametersLabel)).toEqual([
    '135M',
    '1.1B',
    '65.3B',
  ]);
  expect([dateLabel('2023-02-24'), dateLabel('2023-04')]).toEqual(['24 February 2023', 'April 2023']);
});

test('a beginner is offered the newest that fits of each size, and none that only continues text', () => {
  const named = (id: string, parameters: number, released: string, change: object = {}) =>
    ({
      ...{ id, parameters, released, kind: 'chat', usual: { fit: { verdict: 'fits' } } },
      repositories: [{ files: [file('Q4_K_M', 4, 'fits')] }],
      ...change,
    }) as unknown as CatalogueEntry;
  const choice = beginnersChoice([
    named('old-7b', 7e9, '2023-04'),
    named('new-7b', 7e9, '2023-08'),
    named('base-7b', 7e9, '2024-01', { kind: 'base' }),
    named('none-3b', 3e9, '2024-01', { repositories: [] }),
    named('good-1b', 1.1e9, '2023-12-31'),
    named('tight-2b', 2e9, '2024-10', { usual: { fit: { verdict: 'tight' } } }),
    named('tiny', 135e6, '2024-10-31'),
    named('small', 360e6, '2024-10-31'),
    named('large', 13e9, '2024-01'),
  ]);
  expect(choice.map(({ id }) => id)).toEqual(['small', 'good-1b', 'new-7b']);
});
