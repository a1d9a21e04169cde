import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../../main/db/queries.js';
import { Catalogue } from '../../../../../main/models/catalogue/catalogue.js';
import { fitOf } from '../../../../../main/models/fit/fit.js';
import { shippedVersion } from '../../../../../main/models/catalogue/shipped.js';
import { catalogueEntrySchema } from '../../../../../preload/contract/catalogue.js';
import { downloadRequestSchema } from '../../../../../preload/contract/downloads.js';
import type { ModelFile } from '../../../../../preload/contract/local-models.js';

let db: Database;
let queries: Queries;
let replaced: number;
const ramBytes = 9e9;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
  replaced = 0;
});
afterEach(() => db.close());

const open = (files: readonly Pick<ModelFile, 'path' | 'sizeBytes'>[] = []) =>
  new Catalogue({
    db: {
      catalogueVersion: () => Promise.resolve(queries.catalogueVersion()),
      listCatalogue: () => Promise.resolve(queries.listCatalogue()),
      listModelRecords: () => Promise.resolve(queries.listModelRecords()),
      replaceCatalogue: (...args) => {
        replaced++;
        return Promise.resolve(queries.replaceCatalogue(...args));
      },
    },
    fits: {
      now: () =>
        Promise.resolve((model) =>
          fitOf({ ...model, contextSize: 2048, kvType: 'f16', gpuLayers: 0 }, { ramBytes, vramBytes: null }),
        ),
    },
    endpoint: () => 'https://hub.example',
    library: { list: () => Promise.resolve(files as ModelFile[]) },
  });

test('the catalogue is written once, and answered from the database after that', async () => {
  const first = await open().list();
  expect(first).toHaveLength(36);
  for (const entry of first) catalogueEntrySchema.strict().parse(entry);
  expect(await open().list()).toEqual(first);
  expect(replaced).toBe(1);
  expect(queries.catalogueVersion()).toBe(shippedVersion);
});

test('a catalogue of another version is replaced, with models that are no longer in it', async () => {
  queries.replaceCatalogue('an older one', [{ id: 'gone', model: '{}' }]);
  const entries = await open().list();
  expect(entries.map(({ id }) => id)).not.toContain('gone');
  expect(replaced).toBe(1);
});

test('an entry says which of its files are on this machine', async () => {
  const path = '/m/any-name.gguf';
  const { sha256 } = (await open().list())
    .flatMap(({ repositories }) => repositories.flatMap(({ files }) => files))
    .find(({ fileName }) => fileName === 'SmolLM2-135M-Instruct-Q4_K_M.gguf')!;
  queries.saveModelRecord({ path, expectedSha256: sha256 });
  const found = (await open([{ path, sizeBytes: 105_454_432 }]).list()).flatMap(({ id, repositories }) =>
    repositories.flatMap(({ files }) =>
      files.flatMap((file) => (file.path === null ? [] : [[id, file.fileName, file.path]])),
    ),
  );
  expect(found).toEqual([['smollm2-135m-instruct', 'SmolLM2-135M-Instruct-Q4_K_M.gguf', path]]);
});

test('an entry says what fits, also of a model that has no file yet', async () => {
  const verdicts = Object.fromEntries((await open().list()).map(({ id, usual }) => [id, usual.fit.verdict]));
  expect(verdicts).toMatchObject({
    'llama-7b': 'fits',
    'alpaca-7b': 'fits',
    'llama-65b': 'no',
    'alpaca-13b': 'no',
  });
});

test('a file is fetched from its repository at the commit that is known, and checked by what is known of it', async () => {
  const repository = 'bartowski/SmolLM2-135M-Instruct-GGUF';
  const request = await open().download(repository, 'SmolLM2-135M-Instruct-Q4_K_M.gguf');
  expect(downloadRequestSchema.parse(request)).toEqual({
    name: 'SmolLM2 135M Instruct Q4_K_M',
    source: `${repository}@09816acd5d99`,
    files: [
      {
        url: `https://hub.example/${repository}/resolve/09816acd5d99df7be770d85ea30822623dab342c/SmolLM2-135M-Instruct-Q4_K_M.gguf`,
        fileName: `${repository}/SmolLM2-135M-Instruct-Q4_K_M.gguf`,
        sizeBytes: 105_454_432,
        sha256: '2e8040ceae7815abe0dcb3540b9995eaa1fa0d2ca9e797d0a635ae4433c68c2d',
      },
    ],
  });
});

test('a size that is only nearly known is not asked of a download, and what is not in the catalogue is refused', async () => {
  const repository = 'mradermacher/koala-13B-HF-GGUF';
  const { files, source } = await open().download(repository, 'koala-13B-HF.Q4_K_M.gguf');
  expect(source).toBe(`${repository}@main`);
  expect(files[0]).toMatchObject({ sizeBytes: null, sha256: null });
  await expect(open().download(repository, '../other.gguf')).rejects.toMatchObject({ code: 'not-found' });
});
