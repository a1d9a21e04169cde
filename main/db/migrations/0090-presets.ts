/** Adds the user's own presets: the values that differ from neutral, as JSON, and the file or preset they came from. */
export const presets = `
  CREATE TABLE presets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    "values" TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
`;
