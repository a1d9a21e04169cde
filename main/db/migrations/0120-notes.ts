/** Adds the notes of the notebook; `marks` = special tokens in a note are tokens, not text. */
export const notes = `
  CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    marks INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
`;
