import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { modelRecordSchema } from '../../../../preload/contract/local-models.js';

let db: Database;
let queries: Queries;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
});
afterEach(() => db.close());

test('files and folders are listed once each, apart from one another', () => {
  queries.addModelFile('/m/a.gguf');
  queries.addModelFile('/m/a.gguf');
  queries.addModelFolder('/m');
  expect(queries.listModelFiles()).toEqual(['/m/a.gguf']);
  expect(queries.listModelFolders()).toEqual(['/m']);
  queries.removeModelFolder('/m');
  expect(queries.listModelFiles()).toEqual(['/m/a.gguf']);
  expect(queries.listModelFolders()).toEqual([]);
});

test('what is known of a file grows: each finding keeps the others', () => {
  const path = '/m/a.gguf';
  queries.saveModelRecord({ path, expectedSha256: 'a'.repeat(64), origin: 'owner/name@main' });
  queries.saveModelRecord({ path, sizeBytes: 12, modifiedMs: 1.5, sha256: 'b'.repeat(64) });
  queries.saveModelRecord({ path, usedAt: 7 });
  const [record, ...others] = queries.listModelRecords();
  expect(others).toEqual([]);
  expect(modelRecordSchema.parse(record)).toEqual({
    ...{ path, sizeBytes: 12, modifiedMs: 1.5, sha256: 'b'.repeat(64), expectedSha256: 'a'.repeat(64) },
    ...{ header: null, origin: 'owner/name@main', verifiedAt: null, usedAt: 7 },
  });
});
