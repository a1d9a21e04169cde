/** Adds the files that belong to messages. The text comes last: what is read before it need not be read past it. */
export const attachments = `
  CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    details TEXT NOT NULL,
    part TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX attachments_by_message ON attachments(message_id, position);
`;
