/** Adds the list of downloads. How far each is stands beside its part file. */
export const downloads = `
  CREATE TABLE downloads (
    id TEXT PRIMARY KEY,
    position REAL NOT NULL,
    request TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'paused', 'failed', 'done', 'cancelled')),
    error TEXT,
    fetched TEXT NOT NULL
  ) STRICT;
`;
