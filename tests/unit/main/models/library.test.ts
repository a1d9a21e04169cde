import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelLibrary } from '../../../../main/models/library.js';
import { plainModel } from '../../../fixtures/random-llama.js';

let home: string;
let added: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'library-'));
  mkdirSync(join(home, 'models'));
  added = [];
});
afterEach(() => rmSync(home, { recursive: true }));

const library = (starter?: string) =>
  new ModelLibrary(join(home, 'models'), starter, {
    listModelFiles: async () => added,
    addModelFile: async (path) => void added.push(path),
    removeModelFile: async (path) => void added.splice(added.indexOf(path), 1),
  });
const write = (...path: string[]) => {
  const file = join(home, ...path);
  writeFileSync(file, plainModel);
  return file;
};

test('lists the folder, the starter and added files once each; only added ones can be removed', async () => {
  const own = write('models', 'Own.Q4_0.gguf');
  const other = write('Other.gguf');
  writeFileSync(join(home, 'models', 'half.gguf.part'), 'never a model');
  const models = library(own);
  const files = await models.add([other, own]);
  expect(files.map(({ name, added }) => [name, added])).toEqual([
    ['Other', true],
    ['Own.Q4_0', false],
  ]);
  expect(files[1]).toMatchObject({
    architecture: 'llama',
    quantization: 'Q4_0',
    trainedContext: 2048,
    problem: null,
  });
  expect((await models.forget(other)).map(({ name }) => name)).toEqual(['Own.Q4_0']);
});

test('a damaged or missing file stays in the list with its problem and is never chosen first', async () => {
  added.push(join(home, 'gone.gguf'));
  writeFileSync(join(home, 'models', 'bad.gguf'), 'nothing');
  const models = library();
  expect((await models.list()).map(({ name, problem }) => [name, problem])).toEqual([
    ['bad', 'This file is not a usable GGUF model: its first bytes are not those of GGUF.'],
    ['gone', 'The file is no longer there.'],
  ]);
  expect(await models.firstChoice()).toBeNull();
  write('models', 'bad.gguf');
  expect((await models.firstChoice())?.name).toBe('bad');
});
