import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KnownModels } from '../../../../main/models/library.js';
import { ggufFile } from '../../../fixtures/gguf.js';
import { knownModels, libraryOf } from '../../../fixtures/known-models.js';
import { plainModel, splitModel } from '../../../fixtures/random-llama.js';

let home: string;
let known: KnownModels;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'library-'));
  mkdirSync(join(home, 'models'));
  known = knownModels();
});
afterEach(() => rmSync(home, { recursive: true }));

const library = (starter?: string) => libraryOf(join(home, 'models'), known, starter);
const at = (...path: string[]) => join(home, ...path);
/** Files of different content, so that they are not the same model. */
let made = 0;
const write = (...path: string[]) => {
  const file = at(...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([plainModel, Buffer.alloc(32 * ++made)]));
  return file;
};
const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

test('lists the folder, its sub-folders, the starter and added files once each', async () => {
  const own = write('models', 'Own.Q4_0.gguf');
  write('models', 'owner', 'name', 'Deep.gguf');
  const other = write('Other.gguf');
  writeFileSync(at('models', 'half.gguf.part'), 'never a model');
  const models = library(own);
  const { files, added, refused, folders } = await models.add([other, own]);
  expect(files.map(({ name, source }) => [name, source])).toEqual([
    ['Deep', 'models'],
    ['Other', 'file'],
    ['Own.Q4_0', 'models'],
  ]);
  expect(added).toEqual([other]);
  expect(refused).toEqual([]);
  expect(folders).toMatchObject([
    { path: at('models'), isOwn: true, models: 2, partFilesBytes: 13, problem: null },
  ]);
  expect(files[2]).toMatchObject({
    ...{ architecture: 'llama', quantization: 'Q4_0', trainedContext: 2048, problem: null },
    ...{ soundness: 'unknown', usedAt: null, parts: [own] },
  });
  expect(names((await models.forget(other)).files)).toEqual(['Deep', 'Own.Q4_0']);
});

test('a damaged or missing file stays in the list with its problem and is never chosen first', async () => {
  await known.addModelFile(at('gone.gguf'));
  writeFileSync(at('models', 'bad.gguf'), 'nothing');
  const models = library();
  expect((await models.list()).map(({ name, problem }) => [name, problem])).toEqual([
    ['bad', 'This file is not a usable GGUF model: its first bytes are not those of GGUF.'],
    ['gone', 'The file is no longer there.'],
  ]);
  expect(await models.firstChoice()).toBeNull();
  write('models', 'bad.gguf');
  expect(await models.firstChoice()).toBe(at('models', 'bad.gguf'));
});

test('the starter is chosen first by its own path, also where the list has the same model at another', async () => {
  write('models', 'A.gguf');
  const starter = at('elsewhere', 'Starter.gguf');
  mkdirSync(dirname(starter));
  copyFileSync(at('models', 'A.gguf'), starter);
  expect(await library(starter).list()).toHaveLength(1);
  expect(await library(starter).firstChoice()).toBe(starter);
});

test('a folder is remembered: what comes into it is listed, what leaves it is not', async () => {
  const first = write('mine', 'A.gguf');
  const models = library();
  expect((await models.add([at('mine')])).added).toEqual([first]);
  write('mine', 'sub', 'B.gguf');
  expect(names(await library().list())).toEqual(['A', 'B']);
  rmSync(first);
  expect(names(await library().list())).toEqual(['B']);
  expect((await models.forget(at('mine'))).files).toEqual([]);
});

test('a folder that is not there keeps its models with their problem, and comes back', async () => {
  const gone = write('disk', 'Gone.gguf');
  write('disk', 'A.gguf');
  const models = library();
  await models.add([at('disk')]);
  rmSync(gone);
  await models.list();
  renameSync(at('disk'), at('unplugged'));
  const { files, folders } = await library().view();
  // What had left the folder before is not of it.
  expect(files).toMatchObject([
    { name: 'A', architecture: 'llama', problem: 'Its folder is not there now. Is its disk connected?' },
  ]);
  expect(folders[1]!.problem).toBe('This folder is not there now. Is its disk connected?');
  renameSync(at('unplugged'), at('disk'));
  expect((await models.list())[0]).toMatchObject({ name: 'A', problem: null });
});

test('the same model is listed once with its places: links, hard links and copies', async () => {
  const own = write('models', 'Own.gguf');
  mkdirSync(at('mine'));
  symlinkSync(own, at('mine', 'soft.gguf'));
  linkSync(own, at('mine', 'hard.gguf'));
  copyFileSync(own, at('mine', 'copy.gguf'));
  // As large, but other weights.
  const other = at('mine', 'Other.gguf');
  copyFileSync(own, other);
  const weights = Buffer.alloc(plainModel.length + 32 * made, plainModel);
  weights.fill(7, weights.length - 4096);
  writeFileSync(other, weights);
  const { files } = await library().add([at('mine')]);
  expect(files.map(({ path, places }) => [path, [...places].sort()])).toEqual([
    [other, []],
    [own, [at('mine', 'copy.gguf'), at('mine', 'hard.gguf'), at('mine', 'soft.gguf')]],
  ]);
  expect((await library().find(at('mine', 'copy.gguf')))?.path).toBe(own);
});

test('a split model is one entry; missing parts are named', async () => {
  const parts = splitModel(3).map(({ name, bytes }) => {
    writeFileSync(at('models', `Koala${name}`), bytes);
    return { path: at('models', `Koala${name}`), bytes };
  });
  const models = library();
  expect(await models.list()).toMatchObject([
    {
      ...{ name: 'Koala', problem: null, path: parts[0]!.path, parts: parts.map(({ path }) => path) },
      sizeBytes: parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
    },
  ]);
  rmSync(parts[1]!.path);
  expect(await models.list()).toMatchObject([
    { name: 'Koala', problem: 'Of this model’s 3 parts 1 is missing: Koala-00002-of-00003.gguf.' },
  ]);
  writeFileSync(parts[1]!.path, parts[1]!.bytes);
  expect(await models.list()).toMatchObject([{ name: 'Koala', problem: null }]);
});

test('a file that changes is read anew, and its hash is no longer its own', async () => {
  const path = write('models', 'A.gguf');
  const models = library();
  await models.list();
  const [record] = await known.listModelRecords();
  await known.saveModelRecord({ path, sha256: 'a'.repeat(64), verifiedAt: 5 });
  expect(await models.list()).toMatchObject([{ soundness: 'hashed', verifiedAt: 5 }]);
  truncateSync(path, 50_000);
  expect((await models.list())[0]).toMatchObject({
    soundness: 'unknown',
    problem: expect.stringContaining('incomplete') as string,
  });
  writeFileSync(path, plainModel);
  utimesSync(path, new Date(), new Date((record!.modifiedMs ?? 0) + 60_000));
  expect((await models.list())[0]).toMatchObject({ soundness: 'unknown', verifiedAt: null, problem: null });
});

test('headers that are known are not read again', async () => {
  const path = write('models', 'A.gguf');
  await library().list();
  const header = (await known.listModelRecords())[0]!.header!;
  await known.saveModelRecord({ path, header: { ...header, architecture: 'remembered' } });
  expect(await library().list()).toMatchObject([{ architecture: 'remembered' }]);
});

test('what is no model is refused with the reason, and nothing else is held up by it', async () => {
  writeFileSync(at('notes.txt'), 'hello');
  writeFileSync(at('half.gguf.part'), 'GGUF');
  const good = write('model.gguf');
  const { added, refused } = await library().add([
    at('notes.txt'),
    at('half.gguf.part'),
    at('nowhere'),
    good,
  ]);
  expect(added).toEqual([good]);
  expect(refused.map(({ problem }) => problem)).toEqual([
    'It is not a GGUF model.',
    'It is a download that is not finished.',
    'It is not there, or can’t be read.',
  ]);
});

test('an adapter and what lets models see pictures are named so, not offered as models', async () => {
  writeFileSync(
    at('models', 'lora.gguf'),
    ggufFile({ 'general.architecture': 'llama', 'general.type': 'adapter' }),
  );
  writeFileSync(at('models', 'mmproj.gguf'), ggufFile({ 'general.architecture': 'clip' }));
  const files = await library().list();
  expect(files.map(({ problem }) => problem)).toEqual([
    'This file is not a usable GGUF model: it is an adapter (LoRA) that goes with a model.',
    'This file is not a usable GGUF model: it lets another model see pictures (mmproj).',
  ]);
});

test('a models folder that can’t be made is said, and the rest is listed', async () => {
  rmSync(at('models'), { recursive: true });
  writeFileSync(at('models'), 'a file in its place');
  const { files, folders } = await library().add([write('A.gguf')]);
  expect(names(files)).toEqual(['A']);
  expect(folders[0]!.problem).toBe('This is not a folder any more.');
});

test('what was loaded is remembered with its time', async () => {
  const path = write('models', 'A.gguf');
  const models = library();
  await models.used(path);
  expect((await models.list())[0]!.usedAt).toBeGreaterThan(0);
});
