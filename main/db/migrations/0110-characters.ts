/**
 * Adds characters (their cards as JSON, and what stood beside a card in its file), the profiles of the user, and
 * pictures by their SHA-256; and who talks in a chat. Chats name characters without a foreign key: those of the incognito
 * chat lie in another database, and one that is deleted only lies in the trash.
 */
export const characters = `
  CREATE TABLE pictures (
    hash TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE characters (
    id TEXT PRIMARY KEY,
    card TEXT NOT NULL,
    beside TEXT NOT NULL DEFAULT '{}',
    picture TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;

  CREATE TABLE personas (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    picture TEXT,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;

  ALTER TABLE chats ADD COLUMN character_id TEXT;
  ALTER TABLE chats ADD COLUMN persona_id TEXT;
  ALTER TABLE chats ADD COLUMN mode TEXT NOT NULL DEFAULT 'instruct'
    CHECK (mode IN ('instruct', 'chat-instruct', 'chat'));
  ALTER TABLE chats ADD COLUMN chat_command TEXT NOT NULL DEFAULT '';
  CREATE INDEX chats_by_character ON chats(character_id) WHERE character_id IS NOT NULL;
`;
