/**
 * Adds comparisons and duels. A contestant is a model with a preset and a template (null = what holds otherwise); a match
 * is one prompt that several of them answered, from left to right; a vote is of the user or of a model that judged.
 * `batch_id` is null where a person began the match. `history`, `stats`, `error`, `measures` and `aspects` are JSON.
 */
export const arena = `
  CREATE TABLE contestants (
    id TEXT PRIMARY KEY,
    model_path TEXT NOT NULL,
    model_name TEXT NOT NULL,
    preset_id TEXT,
    preset_name TEXT NOT NULL,
    template TEXT,
    template_name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX contestants_make ON contestants (model_path, ifnull(preset_id, ''), ifnull(template, ''));

  CREATE TABLE matches (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('side-by-side', 'duel')),
    prompt TEXT NOT NULL,
    history TEXT NOT NULL,
    category TEXT NOT NULL,
    seed INTEGER NOT NULL,
    chat_id TEXT,
    parent_id TEXT,
    question_id TEXT,
    batch_id TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX matches_kind ON matches (kind, id);
  CREATE INDEX matches_batch ON matches (batch_id) WHERE batch_id IS NOT NULL;

  CREATE TABLE match_replies (
    match_id TEXT NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    contestant_id TEXT NOT NULL REFERENCES contestants (id),
    text TEXT NOT NULL,
    stats TEXT,
    error TEXT,
    measures TEXT,
    PRIMARY KEY (match_id, position)
  ) STRICT;
  CREATE INDEX match_replies_contestant ON match_replies (contestant_id);

  CREATE TABLE votes (
    id TEXT PRIMARY KEY,
    match_id TEXT NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
    voter TEXT NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('a', 'b', 'tie', 'both-bad')),
    aspects TEXT NOT NULL,
    comment TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX votes_once ON votes (match_id, voter) WHERE deleted_at IS NULL;
`;
