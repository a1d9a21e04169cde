/** Adds connections to servers with models. Their keys are in the keychain of the system, never here. */
export const connections = `
  CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    mode TEXT NOT NULL,
    context_size INTEGER,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
`;
