/**
 * Adds batches: a set of prompts that contestants answer one after another, or duels that a model judges. Each piece of
 * their work is a task, which is done once `ended_at` is set; `verdict` tells which of the two the judge preferred, where
 * `swapped` the right one came first. `stats`, `measures` and `error` are JSON.
 */
export const batches = `
  CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('replies', 'judging')),
    name TEXT NOT NULL,
    of_batch TEXT REFERENCES batches (id) ON DELETE CASCADE,
    seed INTEGER NOT NULL,
    max_tokens INTEGER NOT NULL,
    perplexity_text TEXT NOT NULL,
    judge_path TEXT,
    judge_name TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'ended')),
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;

  CREATE TABLE batch_prompts (
    batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    category TEXT NOT NULL,
    level INTEGER,
    text TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (batch_id, place)
  ) STRICT;

  CREATE TABLE batch_tasks (
    batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reply', 'perplexity', 'verdict')),
    contestant_id TEXT REFERENCES contestants (id),
    prompt INTEGER,
    match_id TEXT REFERENCES matches (id) ON DELETE CASCADE,
    swapped INTEGER,
    ended_at INTEGER,
    text TEXT NOT NULL DEFAULT '',
    stats TEXT,
    measures TEXT,
    error TEXT,
    verdict TEXT CHECK (verdict IN ('first', 'second', 'tie')),
    PRIMARY KEY (batch_id, place)
  ) STRICT;
  CREATE INDEX batch_tasks_match ON batch_tasks (match_id) WHERE match_id IS NOT NULL;
`;
