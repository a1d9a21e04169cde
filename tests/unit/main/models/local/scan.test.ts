import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelDigest, ollamaName } from '../../../../../main/models/local/ollama.js';
import { hubCacheOrigin, scanFolder } from '../../../../../main/models/local/scan.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'scan-'))));
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text = '') => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const found = async (limits?: Parameters<typeof scanFolder>[1]) => {
  const { files, ...rest } = await scanFolder(root, limits);
  return { paths: files.map(({ path }) => path.slice(root.length + 1)), ...rest };
};
const digest = (letter: string) => letter.repeat(64);

test('finds models below, and downloads that are not finished apart', async () => {
  for (const path of ['b.GGUF', 'a/x.gguf', 'a/b/y.gguf', 'notes.txt', '.git/z.gguf', 'c.gguf.part'])
    write(path);
  const { paths, partFiles, problem } = await found();
  expect(paths).toEqual(['b.GGUF', 'a/x.gguf', 'a/b/y.gguf']);
  expect(partFiles).toEqual([join(root, 'c.gguf.part')]);
  expect(problem).toBeNull();
});

test('links that lead in circles are followed once', async () => {
  write('a/x.gguf');
  symlinkSync(root, join(root, 'a', 'up'));
  symlinkSync(join(root, 'a'), join(root, 'b'));
  expect((await found()).paths).toEqual(['a/x.gguf']);
});

test('depth and number of entries are bounded, and the latter is said', async () => {
  write('1/2/3/deep.gguf');
  for (let index = 0; index < 30; index++) write(`${index}.gguf`);
  expect((await found({ depth: 2, entries: 1000 })).paths).toHaveLength(30);
  const { paths, problem } = await found({ depth: 8, entries: 10 });
  expect(paths).toHaveLength(10);
  expect(problem).toContain('only its first 10 entries were looked at');
});

test('the store of Ollama: models by their names, whatever their blobs are called', async () => {
  const manifest = (hash: string) =>
    JSON.stringify({
      schemaVersion: 2,
      layers: [
        { mediaType: 'application/vnd.ollama.image.template', digest: `sha256:${digest('9')}`, size: 3 },
        { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${hash}`, size: 5 },
      ],
    });
  write('manifests/registry.ollama.example/library/llama2/7b', manifest(digest('a')));
  write('manifests/registry.ollama.example/library/llama2/latest', manifest(digest('a')));
  write('manifests/registry.ollama.example/me/vicuna/13b', manifest(digest('b')));
  write('manifests/registry.ollama.example/library/evil/1', manifest('../../../../etc/passwd'));
  write('manifests/registry.ollama.example/library/broken/1', '{');
  write(`blobs/sha256-${digest('a')}`, 'model');
  const { files } = await scanFolder(root);
  expect(files).toEqual([
    {
      ...{ path: join(root, 'blobs', `sha256-${digest('a')}`), name: 'llama2:7b', store: 'Ollama' },
      ...{ expectedSha256: digest('a'), origin: 'ollama llama2:7b' },
    },
    {
      ...{ path: join(root, 'blobs', `sha256-${digest('b')}`), name: 'me/vicuna:13b', store: 'Ollama' },
      ...{ expectedSha256: digest('b'), origin: 'ollama me/vicuna:13b' },
    },
  ]);
});

test('a digest that is none never becomes a path', () => {
  expect(
    modelDigest('{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:../x"}]}'),
  ).toBeNull();
  expect(modelDigest('[]')).toBeNull();
  expect(ollamaName(['hf.co', 'owner', 'name', 'Q4_0'])).toBe('hf.co/owner/name:Q4_0');
});

test('the cache of Hugging Face: a file of two revisions, with its hash and where it came from', async () => {
  const blob = write(`hub/models--TheBloke--Llama-2-7B-GGUF/blobs/${digest('c')}`, 'model');
  for (const revision of ['0123456789', '9876543210']) {
    const folder = join(root, 'hub/models--TheBloke--Llama-2-7B-GGUF/snapshots', revision);
    mkdirSync(folder, { recursive: true });
    symlinkSync(blob, join(folder, 'llama.Q4_0.gguf'));
  }
  const { files } = await scanFolder(root);
  expect(files).toMatchObject([
    { name: 'llama.Q4_0', origin: 'TheBloke/Llama-2-7B-GGUF@01234567', expectedSha256: digest('c') },
    { name: 'llama.Q4_0', origin: 'TheBloke/Llama-2-7B-GGUF@98765432', expectedSha256: digest('c') },
  ]);
  expect(hubCacheOrigin('/elsewhere/snapshots/x/y.gguf')).toBeNull();
});

test('a folder that is not there says so', async () => {
  const { files, folders, problem } = await scanFolder(join(root, 'nowhere'));
  expect([files, folders]).toEqual([[], []]);
  expect(problem).toBe('This folder is not there now. Is its disk connected?');
});
