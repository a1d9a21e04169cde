/** Adds the trash of messages, and finds what lies in either trash without a look at the rest. */
export const trash = `
  ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
  CREATE INDEX messages_in_trash ON messages(deleted_at) WHERE deleted_at IS NOT NULL;
  CREATE INDEX chats_in_trash ON chats(deleted_at) WHERE deleted_at IS NOT NULL;
`;
