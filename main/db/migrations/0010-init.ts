/** Creates chats, the message tree, the earlier texts of edited messages, and the list of model files. */
export const init = `
  CREATE TABLE chats (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    leaf_id TEXT REFERENCES messages(id)
  ) STRICT;
  CREATE INDEX chats_by_update ON chats(updated_at DESC) WHERE deleted_at IS NULL;

  CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    chat_id TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES messages(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    model TEXT,
    stats TEXT,
    error TEXT
  ) STRICT;
  CREATE INDEX messages_by_parent ON messages(chat_id, parent_id);

  CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    edited_at INTEGER
  ) STRICT;
  CREATE INDEX revisions_by_message ON revisions(message_id);

  CREATE TABLE model_files (
    path TEXT PRIMARY KEY,
    added_at INTEGER NOT NULL
  ) STRICT;
`;
