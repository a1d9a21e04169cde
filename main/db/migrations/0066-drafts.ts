/** Adds what was being written in each chat and was not sent; the one without a chat is of the chat not made yet. */
export const drafts = `
  CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    chat_id TEXT UNIQUE REFERENCES chats(id) ON DELETE CASCADE,
    text TEXT NOT NULL
  ) STRICT;
`;
