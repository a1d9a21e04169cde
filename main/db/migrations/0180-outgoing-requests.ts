/** Adds the list of requests that left the app. */
export const outgoingRequests = `
  CREATE TABLE outgoing_requests (
    id TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    method TEXT NOT NULL,
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    purpose TEXT NOT NULL,
    cause TEXT NOT NULL,
    status INTEGER,
    sent_bytes INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    duration_ms REAL,
    error TEXT
  ) STRICT;
  CREATE INDEX outgoing_requests_by_start ON outgoing_requests(started_at);
`;
