/** Owns the catalogue's rows in the database; never what is in a model's entry. */
import type { Database } from 'better-sqlite3';

export type CatalogueRow = { readonly id: string; readonly model: string };

export function makeCatalogueQueries(db: Database) {
  const version = db.prepare<[], string>('SELECT version FROM catalogue_version').pluck();
  const list = db.prepare<[], CatalogueRow>('SELECT id, model FROM catalogue_models ORDER BY position');
  const clear = db.prepare('DELETE FROM catalogue_models');
  const insert = db.prepare('INSERT INTO catalogue_models (id, position, model) VALUES (?, ?, ?)');
  const setVersion = db.prepare('INSERT OR REPLACE INTO catalogue_version (id, version) VALUES (1, ?)');

  return {
    /** Of the catalogue that is kept; null when there is none yet. */
    version: (): string | null => version.get() ?? null,
    list: (): CatalogueRow[] => list.all(),
    /** Puts another catalogue in place of the one that is kept, all or nothing. */
    replace: db.transaction((newVersion: string, rows: readonly CatalogueRow[]): void => {
      clear.run();
      rows.forEach(({ id, model }, position) => insert.run(id, position, model));
      setVersion.run(newVersion);
    }),
  };
}
