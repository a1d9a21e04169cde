/** Adds which chats were imported, from what, and a hash of what they said then, by which the same is known again. */
export const imports = `
  CREATE TABLE imported_chats (
    chat_id TEXT PRIMARY KEY REFERENCES chats(id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    format TEXT NOT NULL,
    imported_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX imported_chats_by_hash ON imported_chats(hash);
`;
