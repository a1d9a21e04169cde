/**
 * Adds folders, tags, pins and the archive, and who named a chat. Of the chats that are there already nobody knows who
 * named them: their names stay.
 */
export const organise = `
  CREATE TABLE folders (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;

  ALTER TABLE chats ADD COLUMN folder_id TEXT REFERENCES folders(id) ON DELETE SET NULL;
  ALTER TABLE chats ADD COLUMN pinned_at INTEGER;
  ALTER TABLE chats ADD COLUMN archived_at INTEGER;
  ALTER TABLE chats ADD COLUMN title_by TEXT NOT NULL DEFAULT 'user'
    CHECK (title_by IN ('words', 'model', 'user'));
  UPDATE chats SET title_by = 'words' WHERE leaf_id IS NULL;
  CREATE INDEX chats_by_folder ON chats(folder_id) WHERE folder_id IS NOT NULL;

  CREATE TABLE chat_tags (
    chat_id TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (chat_id, tag)
  ) STRICT;
`;
