/** Adds the folders of models that the user added, and what is known of each model file. */
export const modelRecords = `
  CREATE TABLE model_folders (
    path TEXT PRIMARY KEY,
    added_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE model_records (
    path TEXT PRIMARY KEY,
    size_bytes INTEGER,
    modified_ms REAL,
    sha256 TEXT,
    expected_sha256 TEXT,
    origin TEXT,
    verified_at INTEGER,
    used_at INTEGER
  ) STRICT;
`;
