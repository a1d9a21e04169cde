/** Owns the list of requests that left the app, as it is kept: how much of it, and what is reckoned from it. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import type { NetworkFilter, NetworkView, OutgoingRequest } from '../../preload/contract/network.js';

const keptRequests = 10_000;
const keptMs = 90 * 86_400_000;
const shownRequests = 200;

const columns = `id, started_at AS startedAtMs, method, host, path, purpose, cause, status, sent_bytes AS sentBytes,
  received_bytes AS receivedBytes, duration_ms AS durationMs, error`;
const traffic = `count(*) AS requests, coalesce(sum(sent_bytes), 0) AS sentBytes,
  coalesce(sum(received_bytes), 0) AS receivedBytes`;
const matching = '(@host IS NULL OR host = @host) AND (@purpose IS NULL OR purpose = @purpose)';

export function makeOutgoingRequestQueries(db: Database) {
  const save = db.prepare<[OutgoingRequest]>(
    `INSERT OR REPLACE INTO outgoing_requests
     VALUES (@id, @startedAtMs, @method, @host, @path, @purpose, @cause, @status, @sentBytes, @receivedBytes,
       @durationMs, @error)`,
  );
  const removeOld = db.prepare<[{ beforeMs: number }]>(
    `DELETE FROM outgoing_requests WHERE started_at <= max(@beforeMs, coalesce(
       (SELECT started_at FROM outgoing_requests ORDER BY started_at DESC LIMIT 1 OFFSET ${keptRequests}), 0))`,
  );
  const clear = db.prepare('DELETE FROM outgoing_requests');
  const endOpen = db.prepare<[string]>(
    `UPDATE outgoing_requests SET duration_ms = 0, error = ?
     WHERE duration_ms IS NULL`,
  );
  const list = db.prepare<[NetworkFilter], OutgoingRequest>(
    `SELECT ${columns} FROM outgoing_requests WHERE ${matching} ORDER BY started_at DESC, id DESC LIMIT ${shownRequests}`,
  );
  const sum = db.prepare<[NetworkFilter], NetworkView['matching']>(
    `SELECT ${traffic} FROM outgoing_requests WHERE ${matching}`,
  );
  const since = db.prepare<[number], NetworkView['today']>(
    `SELECT ${traffic} FROM outgoing_requests WHERE started_at >= ?`,
  );
  const hosts = db.prepare<[], NetworkView['hosts'][number]>(
    `SELECT host, ${traffic} FROM outgoing_requests GROUP BY host ORDER BY max(started_at) DESC`,
  );

  return {
    /** Adds a request, or what became of it. */
    save: db.transaction((request: OutgoingRequest): void => {
      save.run(request);
      removeOld.run({ beforeMs: Date.now() - keptMs });
    }),
    clear: (): void => void clear.run(),
    /** Those that were open when an earlier run of the app was ended. */
    endOpen: (): void => void endOpen.run(t('Altiplano ended before it did.')),
    /** @param todayMs when the day began where the user is */
    view: (filter: NetworkFilter, todayMs: number): NetworkView => ({
      requests: list.all(filter),
      matching: sum.get(filter)!,
      hosts: hosts.all(),
      today: since.get(todayMs)!,
    }),
  };
}
