import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KnownModels, ModelLibrary } from '../../../../../main/models/library.js';
import type { Hasher } from '../../../../../main/models/local/hashing.js';
import { Verifier } from '../../../../../main/models/local/verifier.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import { knownModels, libraryOf } from '../../../../fixtures/known-models.js';
import { plainModel, splitModel } from '../../../../fixtures/random-llama.js';

let home: string;
let known: KnownModels;
let library: ModelLibrary;
let progress: (number | null)[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'verify-'));
  mkdirSync(join(home, 'models'));
  known = knownModels();
  library = libraryOf(join(home, 'models'), known);
  progress = [];
});
afterEach(() => rmSync(home, { recursive: true }));

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const hash: Hasher = async ({ path }, watch) => {
  const bytes = readFileSync(path);
  watch?.onProgress(bytes.length / 2);
  watch?.signal.throwIfAborted();
  return sha256(bytes);
};
const verifier = (hasher = hash) =>
  new Verifier({ known, hash: hasher, onProgress: (_path, share) => progress.push(share) });
const write = (name: string, bytes: Buffer = plainModel) => {
  const path = join(home, 'models', name);
  writeFileSync(path, bytes);
  return path;
};
const verify = async (path: string, one = verifier()) => one.verify((await library.find(path))!);

test('without a hash to compare with, it is taken; from then on it is compared with that', async () => {
  const path = write('a.gguf');
  expect(await verify(path)).toEqual({ result: 'recorded', sha256: sha256(plainModel) });
  expect(await library.find(path)).toMatchObject({
    soundness: 'hashed',
    verifiedAt: expect.any(Number) as number,
  });
  expect(await verify(path)).toMatchObject({ result: 'matches' });
  expect(progress).toEqual([0, 0.5, null, 0, 0.5, null]);
});

test('a byte that changed by itself is found, each time again', async () => {
  const path = write('a.gguf');
  await verify(path);
  const { atime, mtime } = statSync(path);
  const rotten = Buffer.from(plainModel);
  rotten[rotten.length - 1]! ^= 1;
  writeFileSync(path, rotten);
  utimesSync(path, atime, mtime);
  expect(await verify(path)).toMatchObject({ result: 'changed' });
  expect(await verify(path)).toMatchObject({ result: 'changed' });
});

test('the hash of its source decides', async () => {
  const path = write('a.gguf');
  await known.saveModelRecord({ path, expectedSha256: sha256(plainModel) });
  expect(await verify(path)).toMatchObject({ result: 'matches' });
  expect(await library.find(path)).toMatchObject({ soundness: 'verified' });
  await known.saveModelRecord({ path, expectedSha256: 'f'.repeat(64) });
  expect(await verify(path)).toMatchObject({ result: 'differs' });
  expect(await library.find(path)).toMatchObject({ soundness: 'differs', verifiedAt: null });
});

test('the name that a store gave a file says what it has to be', async () => {
  const store = join(home, 'models', 'ollama');
  const place = (name: string, digest: string) => {
    const manifest = join(store, 'manifests', 'registry.ollama.example', 'library', name);
    mkdirSync(manifest, { recursive: true });
    mkdirSync(join(store, 'blobs'), { recursive: true });
    const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` }];
    writeFileSync(join(manifest, 'latest'), JSON.stringify({ layers }));
    return join(store, 'blobs', `sha256-${digest}`);
  };
  const good = place('good', sha256(plainModel));
  const bad = place('bad', 'e'.repeat(64));
  writeFileSync(good, plainModel);
  writeFileSync(bad, Buffer.concat([plainModel, Buffer.alloc(32)]));
  expect(await verify(good)).toMatchObject({ result: 'matches' });
  expect(await verify(bad)).toMatchObject({ result: 'differs' });
  const list = (await library.list()).map(({ name, soundness }) => [name, soundness]);
  expect(list).toEqual([
    ['bad:latest', 'differs'],
    ['good:latest', 'verified'],
  ]);
});

test('each part of a split model is read, and the worst of them is the answer', async () => {
  const parts = splitModel(2).map(({ name, bytes }) => ({ path: write(`a${name}`, bytes), bytes }));
  await known.saveModelRecord({ path: parts[0]!.path, expectedSha256: sha256(parts[0]!.bytes) });
  await known.saveModelRecord({ path: parts[1]!.path, expectedSha256: 'f'.repeat(64) });
  expect(await verify(parts[0]!.path)).toEqual({ result: 'differs', sha256: sha256(parts[0]!.bytes) });
  await known.saveModelRecord({ path: parts[1]!.path, expectedSha256: sha256(parts[1]!.bytes) });
  expect(await verify(parts[0]!.path)).toMatchObject({ result: 'matches' });
  expect(await library.find(parts[0]!.path)).toMatchObject({ soundness: 'verified' });
});

test('a file that is cut off is said before its bytes are read', async () => {
  const path = write('a.gguf');
  truncateSync(path, 50_000);
  await expect(verify(path)).rejects.toMatchObject({ code: 'model-truncated' });
});

test('a file that is written to meanwhile proves nothing', async () => {
  const path = write('a.gguf');
  const growing: Hasher = async (task) => {
    writeFileSync(path, Buffer.concat([plainModel, Buffer.from('more')]));
    return hash(task);
  };
  await expect(verify(path, verifier(growing))).rejects.toThrow('The file was changed while it was read.');
  expect((await library.find(path))?.soundness).toBe('unknown');
});

test('cancelling ends it, and leaves the model to be verified again', async () => {
  const path = write('a.gguf');
  let turns = 0;
  const one = verifier(async (task, watch) => {
    if (turns++ > 0) return hash(task, watch);
    one.cancel(path);
    expect(watch?.signal.aborted).toBe(true);
    throw new AppError({ code: 'cancelled', message: 'Cancelled.' });
  });
  const model = (await library.find(path))!;
  const first = one.verify(model);
  expect(() => one.verify(model)).toThrow('This model is being verified already.');
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  await expect(one.verify(model)).resolves.toMatchObject({ result: 'recorded' });
});
