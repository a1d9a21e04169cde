import { expect, test } from 'vitest';
import { recentModels, shownModels } from '../../../renderer/lib/model-list.js';
import type { ModelFile } from '../../../preload/contract/local-models.js';

const model = (name: string, more: Partial<ModelFile> = {}): ModelFile => ({
  ...{ path: `/m/${name}.gguf`, name, parts: [], places: [], source: 'models', folder: '/m', store: null },
  ...{ modifiedMs: 0, usedAt: null, origin: null, soundness: 'unknown', verifiedAt: null, sizeBytes: 0 },
  ...{ shape: null, problem: null, architecture: 'llama', quantization: null, trainedContext: null },
  ...more,
});
const files = [
  model('vicuna-13b', { sizeBytes: 8, usedAt: 5, quantization: 'Q4_K_M' }),
  model('vicuna-7b', { sizeBytes: 4, modifiedMs: 9 }),
  model('koala-7b', { sizeBytes: 4, usedAt: 7 }),
];
const names = (list: readonly ModelFile[]) => list.map(({ name }) => name);

test('every word of the filter has to stand somewhere', () => {
  expect(names(shownModels(files, ' 7B vic ', 'name'))).toEqual(['vicuna-7b']);
  expect(names(shownModels(files, 'q4_k', 'name'))).toEqual(['vicuna-13b']);
  expect(names(shownModels(files, 'alpaca', 'name'))).toEqual([]);
});

test('orders: names count as people count, the largest, newest and last used first', () => {
  expect(names(shownModels(files, '', 'name'))).toEqual(['koala-7b', 'vicuna-7b', 'vicuna-13b']);
  expect(names(shownModels(files, '', 'size'))[0]).toBe('vicuna-13b');
  expect(names(shownModels(files, '', 'modified'))[0]).toBe('vicuna-7b');
  expect(names(shownModels(files, '', 'used'))).toEqual(['koala-7b', 'vicuna-13b', 'vicuna-7b']);
});

test('the ones used last are only those that were used', () => {
  expect(names(recentModels(files, 5))).toEqual(['koala-7b', 'vicuna-13b']);
});
