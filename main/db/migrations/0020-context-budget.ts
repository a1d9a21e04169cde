/** Adds what a chat does when its context is full, how its replies start, and which messages stay in the prompt. */
export const contextBudget = `
  ALTER TABLE chats ADD COLUMN overflow TEXT NOT NULL DEFAULT 'drop-oldest'
    CHECK (overflow IN ('stop', 'drop-oldest', 'keep-pinned'));
  ALTER TABLE chats ADD COLUMN start_reply_with TEXT NOT NULL DEFAULT '';
  ALTER TABLE messages ADD COLUMN inclusion TEXT NOT NULL DEFAULT 'auto'
    CHECK (inclusion IN ('auto', 'pinned', 'left-out'));
`;
