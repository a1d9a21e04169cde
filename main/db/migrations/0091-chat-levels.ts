/** Adds what a chat has of its own: preset, system prompt and parameters, as JSON; an empty object has nothing. */
export const chatLevels = `
  ALTER TABLE chats ADD COLUMN level TEXT NOT NULL DEFAULT '{}';
`;
