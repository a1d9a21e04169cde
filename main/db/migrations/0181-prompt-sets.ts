/** Adds the user's own sets of prompts, which models are compared by. */
export const promptSets = `
  CREATE TABLE prompt_sets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE TABLE prompts (
    id TEXT PRIMARY KEY,
    set_id TEXT NOT NULL REFERENCES prompt_sets (id) ON DELETE CASCADE,
    category TEXT NOT NULL,
    level INTEGER,
    text TEXT NOT NULL,
    reference TEXT NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX prompts_by_set ON prompts (set_id, id);
`;
