/** Adds the catalogue as it was shipped last, and which version of it that was. */
export const catalogue = `
  CREATE TABLE catalogue_models (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    model TEXT NOT NULL
  ) STRICT;

  CREATE TABLE catalogue_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version TEXT NOT NULL
  ) STRICT;
`;
