import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { partOf, partPaths, readModel } from '../../../../main/engine/gguf-parts.js';
import { readGguf } from '../../../../main/engine/gguf.js';
import { loadInOneThread } from '../../../fixtures/one-thread-engine.js';
import { plainModel, splitModel } from '../../../fixtures/random-llama.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parts-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const place = (count: number) =>
  splitModel(count).map(({ name, bytes }) => {
    const path = join(folder, `Vicuna${name}`);
    writeFileSync(path, bytes);
    return path;
  });

test('only names as llama.cpp gives them are parts', () => {
  expect(partOf('/m/a-00002-of-00003.gguf')).toEqual({ stem: 'a', part: 2, count: 3 });
  for (const name of [
    'a.gguf',
    'a-1-of-3.gguf',
    'a-00004-of-00003.gguf',
    'a-00001-of-00001.gguf',
    'a-00000-of-00002.gguf',
  ])
    expect(partOf(`/m/${name}`), name).toBeNull();
  expect(partPaths('/m/a-00002-of-00003.gguf').map((path) => path.slice(3))).toEqual([
    'a-00001-of-00003.gguf',
    'a-00002-of-00003.gguf',
    'a-00003-of-00003.gguf',
  ]);
});

test('the parts are read as one model, from whichever of them', async () => {
  const paths = place(3);
  const whole = join(folder, 'whole.gguf');
  writeFileSync(whole, plainModel);
  const expected = await readGguf(whole);
  const { metadata, tensors, sizeBytes } = await readModel(paths[1]!);
  expect([...tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort());
  expect(metadata.get('general.architecture')).toBe('llama');
  expect(sizeBytes).toBe(splitModel(3).reduce((sum, { bytes }) => sum + bytes.length, 0));
});

test('missing parts are named', async () => {
  const paths = place(3);
  rmSync(paths[0]!);
  rmSync(paths[2]!);
  await expect(readModel(paths[1]!)).rejects.toMatchObject({
    code: 'model-missing',
    message: 'Of this model’s 3 parts 2 are missing: Vicuna-00001-of-00003.gguf, Vicuna-00003-of-00003.gguf.',
  });
});

test('a part under another name is told from a model', async () => {
  const path = join(folder, 'renamed.gguf');
  writeFileSync(path, splitModel(2)[0]!.bytes);
  await expect(readModel(path)).rejects.toThrow('it is one of 2 parts, and its name does not say which');
});

test('llama.cpp loads the parts as one model', async () => {
  const [path] = place(3);
  const engine = await loadInOneThread(path!);
  expect(engine.info).toMatchObject({ name: 'Vicuna', contextSize: 256 });
  await engine.dispose();
});
