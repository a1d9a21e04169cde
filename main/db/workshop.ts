/** Owns the rows of the user's own grammars and prompt templates; never what a text means. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import { shelfOf, workshopForms, type WorkshopForm } from '../../preload/contract/workshop-forms.js';
import { newId } from './id.js';

export type WorkshopRecord = {
  readonly id: string;
  readonly form: WorkshopForm;
  readonly name: string;
  readonly text: string;
  /** In words, where it came from; '' = made here. */
  readonly origin: string;
};

/** With the id that it had where a deleted one comes back. */
export type NewWorkshopItem = Omit<WorkshopRecord, 'id'> & { readonly id?: string };
export type WorkshopChange = { readonly name?: string | undefined; readonly text?: string | undefined };

export function makeWorkshopQueries(db: Database) {
  const columns = 'id, form, name, text, origin';
  const list = db.prepare<[], WorkshopRecord>(`SELECT ${columns} FROM workshop ORDER BY name`);
  const get = db.prepare<[string], WorkshopRecord>(`SELECT ${columns} FROM workshop WHERE id = ?`);
  const insert = db.prepare(
    'INSERT INTO workshop (id, shelf, form, name, text, origin, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const change = db.prepare('UPDATE workshop SET name = ?, text = ?, updated_at = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM workshop WHERE id = ?');

  /** @throws AppError `not-found` */
  const find = (id: string): WorkshopRecord => {
    const row = get.get(id);
    if (row !== undefined) return row;
    throw new AppError({ code: 'not-found', message: t('This no longer exists.') });
  };

  return {
    /** A row of a form that is not known hides no other. */
    list: (): WorkshopRecord[] => list.all().filter(({ form }) => workshopForms.includes(form)),
    /** @throws SqliteError when the name is taken, whatever its capitals */
    create({ form, name, text, origin, id = newId() }: NewWorkshopItem): WorkshopRecord {
      const now = Date.now();
      insert.run(id, shelfOf[form], form, name, text, origin, now, now);
      return find(id);
    },
    change(id: string, { name, text }: WorkshopChange): WorkshopRecord {
      const before = find(id);
      change.run(name ?? before.name, text ?? before.text, Date.now(), id);
      return find(id);
    },
    remove(id: string): void {
      find(id);
      remove.run(id);
    },
  };
}
