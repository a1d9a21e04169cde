/** Adds the files attached to drafts, as those of messages; without a chat, they are of the chat not made yet. */
export const draftAttachments = `
  CREATE TABLE draft_attachments (
    id TEXT PRIMARY KEY,
    chat_id TEXT REFERENCES chats(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    details TEXT NOT NULL,
    part TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX draft_attachments_by_chat ON draft_attachments(chat_id, position);
`;
