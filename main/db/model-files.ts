/** Owns the model files and folders that the user added from outside the models folder, and what is known of each file. */
import type { Database } from 'better-sqlite3';
import { modelHeaderSchema, type ModelRecord } from '../../preload/contract/local-models.js';

/** A path, and what is newly known of the file there; what is not given stays as it was. */
export type ModelRecordChange = Pick<ModelRecord, 'path'> & Partial<ModelRecord>;

/** The header as JSON. */
type Row = Omit<ModelRecord, 'header'> & { readonly header: string | null };

const unknown: Omit<ModelRecord, 'path'> = {
  sizeBytes: null,
  modifiedMs: null,
  header: null,
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
  const columns = `path, size_bytes AS sizeBytes, modified_ms AS modifiedMs, header, sha256,
    expected_sha256 AS expectedSha256, origin, verified_at AS verifiedAt, used_at AS usedAt`;
  const listRecords = db.prepare<[], Row>(`SELECT ${columns} FROM model_records`);
  const findRecord = db.prepare<[string], Row>(`SELECT ${columns} FROM model_records WHERE path = ?`);
  const saveRecord = db.prepare<[Row]>(
    `INSERT OR REPLACE INTO model_records
      (path, size_bytes, modified_ms, header, sha256, expected_sha256, origin, verified_at, used_at)
     VALUES (@path, @sizeBytes, @modifiedMs, @header, @sha256, @expectedSha256, @origin, @verifiedAt, @usedAt)`,
  );
  const find = (path: string): ModelRecord | undefined => {
    const row = findRecord.get(path);
    return row === undefined ? undefined : toRecord(row);
  };

  return {
    files: added('model_files'),
    folders: added('model_folders'),
    listRecords: (): ModelRecord[] => listRecords.all().map(toRecord),
    saveRecord(change: ModelRecordChange): void {
      const record = { ...unknown, ...find(change.path), ...change };
      saveRecord.run({ ...record, header: record.header && JSON.stringify(record.header) });
    },
  };
}

/** A header as another version wrote it is read from the file again. */
function toRecord({ header, ...record }: Row): ModelRecord {
  return {
    ...record,
    header: header === null ? null : (modelHeaderSchema.safeParse(JSON.parse(header)).data ?? null),
  };
}
