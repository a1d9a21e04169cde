/** Owns the rows of connections; knows no key. */
import type { Database } from 'better-sqlite3';
import { connectionRecordSchema, type ConnectionRecord } from '../../preload/contract/connections.js';

/** Facts as JSON. */
type Row = Omit<ConnectionRecord, 'facts'> & { readonly facts: string };

export function makeConnectionQueries(db: Database) {
  const list = db.prepare<[], Row>(
    `SELECT id, name, address, mode, context_size AS contextSize, facts FROM connections ORDER BY created_at, id`,
  );
  const save = db.prepare<[Row & { readonly now: number }]>(
    `INSERT INTO connections (id, name, address, mode, context_size, facts, created_at)
     VALUES (@id, @name, @address, @mode, @contextSize, @facts, @now)
     ON CONFLICT (id) DO UPDATE SET
       name = @name, address = @address, mode = @mode, context_size = @contextSize, facts = @facts`,
  );
  const remove = db.prepare('DELETE FROM connections WHERE id = ?');
  return {
    /** The oldest first. One that another version wrote and that can't be read hides no other. */
    list: (): ConnectionRecord[] => list.all().flatMap((row) => toRecord(row) ?? []),
    save(record: ConnectionRecord): void {
      save.run({ ...record, facts: JSON.stringify(record.facts), now: Date.now() });
    },
    remove: (id: string): void => void remove.run(id),
  };
}

function toRecord({ facts, ...row }: Row): ConnectionRecord | undefined {
  try {
    return connectionRecordSchema.parse({ ...row, facts: JSON.parse(facts) });
  } catch {
    return undefined;
  }
}
