/** Owns the list of downloads as it is kept: what was asked for, and what became of it. */
import type { Database } from 'better-sqlite3';
import type { RemoteFile } from '../../preload/contract/downloads.js';
import type { ErrorData } from '../../preload/contract/errors.js';

export type DownloadRecord = {
  readonly id: string;
  /** Lower ones come first. */
  readonly position: number;
  /** The names of its files are safe ones. */
  readonly request: { readonly name: string; readonly source: string; readonly files: readonly RemoteFile[] };
  /** One that runs is `queued`: it goes on at the next start. */
  readonly state: 'queued' | 'paused' | 'failed' | 'done' | 'cancelled';
  readonly error: ErrorData | null;
  /** By file; null while it is not finished. */
  readonly fetched: readonly ({ readonly sizeBytes: number; readonly sha256: string } | null)[];
};

type Row = Pick<DownloadRecord, 'id' | 'position' | 'state'> & {
  readonly request: string;
  readonly error: string | null;
  readonly fetched: string;
};

export function makeDownloadQueries(db: Database) {
  const list = db.prepare<[], Row>('SELECT * FROM downloads ORDER BY position');
  const save = db.prepare<[Row]>(
    `INSERT OR REPLACE INTO downloads (id, position, request, state, error, fetched)
     VALUES (@id, @position, @request, @state, @error, @fetched)`,
  );
  const remove = db.prepare<[string]>('DELETE FROM downloads WHERE id = ?');
  return {
    list: (): DownloadRecord[] =>
      list.all().map((row) => ({
        ...row,
        request: JSON.parse(row.request) as DownloadRecord['request'],
        error: row.error === null ? null : (JSON.parse(row.error) as ErrorData),
        fetched: JSON.parse(row.fetched) as DownloadRecord['fetched'],
      })),
    save: (record: DownloadRecord): void =>
      void save.run({
        ...record,
        request: JSON.stringify(record.request),
        error: record.error === null ? null : JSON.stringify(record.error),
        fetched: JSON.stringify(record.fetched),
      }),
    remove: (id: string): void => void remove.run(id),
  };
}
