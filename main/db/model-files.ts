/** Owns the model files and folders that the user added from outside the models folder, and what is known of each file. */
import type { Database } from 'better-sqlite3';
import type { ModelRecord } from '../../preload/contract/local-models.js';

/** A path, and what is newly known of the file there; what is not given stays as it was. */
export type ModelRecordChange = Pick<ModelRecord, 'path'> & Partial<ModelRecord>;

const unknown: Omit<ModelRecord, 'path'> = {
  sizeBytes: null,
  modifiedMs: null,
  sha256: null,
  expectedSha256: null,
  origin: null,
  verifiedAt: null,
  usedAt: null,
};

export function makeModelFileQueries(db: Database) {
  const added = (table: 'model_files' | 'model_folders') => {
    const list = db.prepare<[], string>(`SELECT path FROM ${table} ORDER BY added_at, path`).pluck();
    const insert = db.prepare(`INSERT OR IGNORE INTO ${table} (path, added_at) VALUES (?, ?)`);
    const remove = db.prepare(`DELETE FROM ${table} WHERE path = ?`);
    return {
      list: (): string[] => list.all(),
      add: (path: string): void => void insert.run(path, Date.now()),
      remove: (path: string): void => void remove.run(path),
    };
  };
  const columns = `path, size_bytes AS sizeBytes, modified_ms AS modifiedMs, sha256,
    expected_sha256 AS expectedSha256, origin, verified_at AS verifiedAt, used_at AS usedAt`;
  const listRecords = db.prepare<[], ModelRecord>(`SELECT ${columns} FROM model_records`);
  const findRecord = db.prepare<[string], ModelRecord>(`SELECT ${columns} FROM model_records WHERE path = ?`);
  const saveRecord = db.prepare<[ModelRecord]>(
    `INSERT OR REPLACE INTO model_records
      (path, size_bytes, modified_ms, sha256, expected_sha256, origin, verified_at, used_at)
     VALUES (@path, @sizeBytes, @modifiedMs, @sha256, @expectedSha256, @origin, @verifiedAt, @usedAt)`,
  );

  return {
    files: added('model_files'),
    folders: added('model_folders'),
    listRecords: (): ModelRecord[] => listRecords.all(),
    saveRecord: (change: ModelRecordChange): void =>
      void saveRecord.run({ ...unknown, ...findRecord.get(change.path), ...change }),
  };
}
