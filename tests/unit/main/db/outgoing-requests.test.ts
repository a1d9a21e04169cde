/** The list of requests that left the app, as the database keeps it. */
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../../main/db/migrate.js';
import { makeOutgoingRequestQueries } from '../../../../main/db/outgoing-requests.js';
import type { NetworkFilter, OutgoingRequest } from '../../../../preload/contract/network.js';

let db: InstanceType<typeof Sqlite>;
let queries: ReturnType<typeof makeOutgoingRequestQueries>;
beforeEach(() => {
  db = new Sqlite(':memory:');
  migrate(db);
  queries = makeOutgoingRequestQueries(db);
});
afterEach(() => db.close());

const all = { host: null, purpose: null };
const dayMs = 86_400_000;
const nowMs = Date.now();

const outgoing = (id: string, change: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  ...{ id, startedAtMs: nowMs, method: 'GET', host: 'hub.example', path: '/a.gguf', purpose: 'download' },
  ...{ cause: 'Download of a', status: 200, sentBytes: 100, receivedBytes: 1000, durationMs: 5, error: null },
  ...change,
});
const ids = (filter: NetworkFilter = all) => queries.view(filter, 0).requests.map(({ id }) => id);

test('a request is one line from its beginning to its end, newest first', () => {
  queries.save(outgoing('a', { durationMs: null, status: null, receivedBytes: 0 }));
  queries.save(outgoing('b', { startedAtMs: nowMs + 1 }));
  queries.save(outgoing('a'));
  expect(queries.view(all, 0).requests).toEqual([outgoing('b', { startedAtMs: nowMs + 1 }), outgoing('a')]);
});

test('it is filtered by host and by purpose, and summed by host and for today', () => {
  queries.save(outgoing('a', { startedAtMs: nowMs - dayMs }));
  queries.save(outgoing('b', { purpose: 'search the hub' }));
  queries.save(outgoing('c', { host: 'mirror.example', startedAtMs: nowMs + 1 }));
  expect(ids({ ...all, host: 'mirror.example' })).toEqual(['c']);
  expect(ids({ ...all, purpose: 'search the hub' })).toEqual(['b']);
  const view = queries.view({ host: 'hub.example', purpose: 'download' }, nowMs - 1000);
  expect(view.matching).toEqual({ requests: 1, sentBytes: 100, receivedBytes: 1000 });
  expect(view.today).toEqual({ requests: 2, sentBytes: 200, receivedBytes: 2000 });
  expect(view.hosts).toEqual([
    { host: 'mirror.example', requests: 1, sentBytes: 100, receivedBytes: 1000 },
    { host: 'hub.example', requests: 2, sentBytes: 200, receivedBytes: 2000 },
  ]);
});

test('it keeps 90 days and 10,000 requests, shows the newest 200, and can be cleared', () => {
  queries.save(outgoing('old', { startedAtMs: nowMs - 91 * dayMs }));
  expect(ids()).toEqual([]);
  db.transaction(() => {
    for (let at = 0; at < 10_005; at++) queries.save(outgoing(String(at), { startedAtMs: nowMs + at }));
  })();
  const view = queries.view(all, 0);
  expect(view.matching.requests).toBe(10_000);
  expect(view.requests).toHaveLength(200);
  expect(view.requests[0]?.id).toBe('10004');
  queries.clear();
  expect(queries.view(all, 0)).toMatchObject({
    requests: [],
    hosts: [],
    today: { requests: 0, sentBytes: 0 },
  });
});

test('what was open when the app was killed is told so', () => {
  queries.save(outgoing('a', { durationMs: null, status: 206 }));
  queries.save(outgoing('b', { startedAtMs: nowMs - 1 }));
  queries.endOpen();
  expect(queries.view(all, 0).requests).toMatchObject([
    { id: 'a', durationMs: 0, error: 'Altiplano ended before it did.' },
    { id: 'b', error: null },
  ]);
});
