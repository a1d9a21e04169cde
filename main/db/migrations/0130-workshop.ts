/** Adds the user's own grammars and prompt templates: their texts, the form each is written in, and where it came from. */
export const workshop = `
  CREATE TABLE workshop (
    id TEXT PRIMARY KEY,
    shelf TEXT NOT NULL,
    form TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    text TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (shelf, name)
  ) STRICT;
`;
