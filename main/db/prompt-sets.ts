/** Owns the rows of the user's own prompt sets; never those that come with the app. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import type { Prompt, PromptContent } from '../../preload/contract/prompt-sets.js';
import { newId } from './id.js';

export type PromptSetRecord = {
  readonly id: string;
  readonly name: string;
  /** In words, where it came from; '' = made here. */
  readonly origin: string;
  readonly counts: readonly { readonly category: string; readonly count: number }[];
};

export type NewPromptSet = Pick<PromptSetRecord, 'name' | 'origin'> & {
  readonly prompts: readonly PromptContent[];
};

type SetRow = Pick<PromptSetRecord, 'id' | 'name' | 'origin'>;
type CountRow = { set_id: string; category: string; count: number };
type PromptRow = {
  id: string;
  set_id: string;
  category: string;
  level: number | null;
  text: string;
  reference: string;
};

export function makePromptSetQueries(db: Database) {
  const list = db.prepare<[], SetRow>(
    'SELECT id, name, origin FROM prompt_sets WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, id',
  );
  const counts = db.prepare<[], CountRow>(
    `SELECT set_id, category, count(*) AS count FROM prompts WHERE deleted_at IS NULL
     GROUP BY set_id, category ORDER BY min(id)`,
  );
  const isThere = db.prepare<[string]>('SELECT 1 FROM prompt_sets WHERE id = ? AND deleted_at IS NULL');
  const insertSet = db.prepare('INSERT INTO prompt_sets (id, name, origin, created_at) VALUES (?, ?, ?, ?)');
  const rename = db.prepare('UPDATE prompt_sets SET name = ? WHERE id = ?');
  const removeSet = db.prepare('UPDATE prompt_sets SET deleted_at = ? WHERE id = ?');
  const columns = 'id, set_id, category, level, text, reference';
  const prompts = db.prepare<[string], PromptRow>(
    `SELECT ${columns} FROM prompts WHERE set_id = ? AND deleted_at IS NULL ORDER BY id`,
  );
  const get = db.prepare<[string], PromptRow>(
    `SELECT ${columns} FROM prompts WHERE id = ? AND deleted_at IS NULL`,
  );
  const insert = db.prepare(`INSERT INTO prompts (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
  const change = db.prepare(
    'UPDATE prompts SET category = ?, level = ?, text = ?, reference = ? WHERE id = ?',
  );
  const remove = db.prepare('UPDATE prompts SET deleted_at = ? WHERE id = ?');

  /** @throws AppError `not-found` */
  const requireSet = (setId: string): void => {
    if (isThere.get(setId) !== undefined) return;
    throw new AppError({ code: 'not-found', message: t('This prompt set no longer exists.') });
  };
  /** @throws AppError `not-found` */
  const findPrompt = (id: string): Prompt => {
    const row = get.get(id);
    if (row !== undefined) return toPrompt(row);
    throw new AppError({ code: 'not-found', message: t('This prompt no longer exists.') });
  };
  const addPrompt = (setId: string, { category, level, text, reference }: PromptContent): string => {
    const id = newId();
    insert.run(id, setId, category, level, text, reference);
    return id;
  };

  return {
    /** By name. */
    listPromptSets(): PromptSetRecord[] {
      const all = counts.all();
      return list.all().map((set) => ({
        ...set,
        counts: all
          .filter(({ set_id }) => set_id === set.id)
          .map(({ category, count }) => ({ category, count })),
      }));
    },
    /** In the order in which they were added. @throws AppError `not-found` */
    promptsOf(setId: string): Prompt[] {
      requireSet(setId);
      return prompts.all(setId).map(toPrompt);
    },
    /** @returns its id */
    createPromptSet({ name, origin, prompts: contents }: NewPromptSet): string {
      const id = newId();
      insertSet.run(id, name, origin, Date.now());
      for (const content of contents) addPrompt(id, content);
      return id;
    },
    renamePromptSet(setId: string, name: string): void {
      requireSet(setId);
      rename.run(name, setId);
    },
    removePromptSet(setId: string): void {
      requireSet(setId);
      removeSet.run(Date.now(), setId);
    },
    addPrompt(setId: string, content: PromptContent): Prompt {
      requireSet(setId);
      return findPrompt(addPrompt(setId, content));
    },
    changePrompt(id: string, { category, level, text, reference }: PromptContent): Prompt {
      change.run(category, level, text, reference, id);
      return findPrompt(id);
    },
    removePrompt(id: string): void {
      findPrompt(id);
      remove.run(Date.now(), id);
    },
  };
}

const toPrompt = ({ set_id, ...row }: PromptRow): Prompt => ({ ...row, setId: set_id });
