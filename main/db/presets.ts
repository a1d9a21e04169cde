/** Owns the rows of the user's own presets; never the shipped ones, and never what a value means. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import type { PresetValues } from '../../preload/contract/preset-values.js';
import { presetValuesSchema } from '../../preload/contract/presets.js';
import { newId } from './id.js';

export type PresetRecord = {
  readonly id: string;
  readonly name: string;
  readonly values: PresetValues;
  /** In words, where it came from; '' = made here. */
  readonly origin: string;
};

/** With the id that it had where a deleted one comes back. */
export type NewPreset = Omit<PresetRecord, 'id'> & { readonly id?: string };

type Row = { id: string; name: string; values: string; origin: string };

export function makePresetQueries(db: Database) {
  const columns = 'id, name, "values", origin';
  const list = db.prepare<[], Row>(`SELECT ${columns} FROM presets ORDER BY name`);
  const get = db.prepare<[string], Row>(`SELECT ${columns} FROM presets WHERE id = ?`);
  const insert = db.prepare(
    'INSERT INTO presets (id, name, "values", origin, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const setValues = db.prepare('UPDATE presets SET "values" = ?, updated_at = ? WHERE id = ?');
  const rename = db.prepare('UPDATE presets SET name = ?, updated_at = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM presets WHERE id = ?');

  /** @throws AppError `not-found` */
  const find = (id: string): PresetRecord => {
    const row = get.get(id);
    if (row !== undefined) return toRecord(row);
    throw new AppError({ code: 'not-found', message: t('This preset no longer exists.') });
  };

  return {
    list: (): PresetRecord[] => list.all().map(toRecord),
    /** @throws SqliteError when the name is taken, whatever its capitals */
    create({ name, values, origin, id = newId() }: NewPreset): PresetRecord {
      const now = Date.now();
      insert.run(id, name, JSON.stringify(values), origin, now, now);
      return find(id);
    },
    setValues(id: string, values: PresetValues): PresetRecord {
      find(id);
      setValues.run(JSON.stringify(values), Date.now(), id);
      return find(id);
    },
    rename(id: string, name: string): PresetRecord {
      find(id);
      rename.run(name, Date.now(), id);
      return find(id);
    },
    remove(id: string): void {
      find(id);
      remove.run(id);
    },
  };
}

/** A damaged record has no values, and hides no other. */
function toRecord({ values, ...row }: Row): PresetRecord {
  return { ...row, values: readValues(values) };
}

function readValues(json: string): PresetValues {
  try {
    return presetValuesSchema.parse(JSON.parse(json));
  } catch {
    return {};
  }
}
